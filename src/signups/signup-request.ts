import type { EventOrigin } from '#db/schema/events.ts';
import type { ContactPointTable } from '#db/schema/people.ts';
import type { Channel, Locale } from '#db/schema/vocabulary.ts';
import type { EvidenceContent } from '#src/evidence/record-evidence.ts';
import type { PersonWithKey } from '#src/people/contact-points.ts';

/** One thing that is asked for: to be contacted at this contact point for this purpose, in these words. */
export interface Wish {
  purposeId: string;
  purpose: string;
  channel: Channel;
  contactPoint: ContactPointTable;
  /** The address as the person gave it. */
  address: string;
  text: { id: string; ref: string; wording: string; sha256: string };
}

export interface Request {
  person: PersonWithKey;
  mailbox: ContactPointTable;
  form: { id: string; versionId: string } | null;
  locale: Locale;
  origin: EventOrigin;
  /** The member of staff or the key that recorded it for the person. */
  actor?: string;
  source: string | null;
  /** The allowed site whose page the form stood on. */
  enteredOn?: string | undefined;
  confirmWithinHours: number;
  details: Record<string, string>;
  wishes: Wish[];
  evidence: Omit<EvidenceContent, 'act' | 'at' | 'consents' | 'locale' | 'source'>;
}
