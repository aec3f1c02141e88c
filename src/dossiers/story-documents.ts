import type { TextStepKind } from '#db/schema/consent-texts.ts';
import type { LetterTable } from '#db/schema/letters.ts';
import type { MailKind, MailTable } from '#db/schema/mails.ts';
import type { Channel, Locale } from '#db/schema/vocabulary.ts';
import type { LetterContent } from '#src/letters/letter-content.ts';
import type { LogPlace } from './log-places.ts';
import type { StoryActor } from './story-events.ts';

export interface ThirdParty {
  name: string;
  place: string;
  line_of_business: string;
}

/** The exact words, and who wrote, approved and published them. */
export interface StoryText {
  /** Of the version. */
  id: string;
  /** `{purpose}/{channel}/{locale}@{major}.{minor}` */
  ref: string;
  purpose: string;
  channel: Channel;
  locale: Locale;
  /** Canonical: NFC, single spaces. */
  wording: string;
  /** Of the wording, hex. */
  sha256: string;
  /** As the words name it, frozen at approval. */
  controller: string;
  thirdParties: ThirdParty[];
  /** Null: the words came with the installation. */
  author: string | null;
  approvedAt: string | null;
  approvedBy: string | null;
  liveFrom: string | null;
  /** What happened to the words by then; null where it had not. */
  retiredAt: string | null;
  invalidatedAt: string | null;
  invalidReason: string | null;
  stoppedAt: string | null;
  /** Its life by then. */
  steps: { id: string; kind: TextStepKind; at: string; by: string; note: string | null; log: LogPlace[] }[];
  log: LogPlace[];
}

/** A form as it was shown. */
export interface StoryForm {
  /** Of the version. */
  versionId: string;
  formId: string;
  /** The slug in `/f/{form}`. */
  key: string;
  number: number;
  publishedAt: string;
  /** The frozen definition as JSON: its SHA-256 is `sha256` and stands in the log. */
  definition: string;
  /** Hex. */
  sha256: string;
  /** One for each language that somebody saw it in. */
  pages: StoryFormPage[];
  /** The privacy notice that it linked to. */
  notice: { version: string; url: string };
  log: LogPlace[];
}

export interface StoryFormPage {
  locale: Locale;
  /** Title, and the words below the boxes. */
  heading: string;
  closing: string;
  /** The HTML from its heading to its button, byte for byte as the page printed it. Null: not kept (old versions). */
  html: string | null;
  /** Of the HTML, hex; it stands in the definition. */
  sha256: string | null;
  /** Addresses of the pages that it stood on, where the person's browser told them. */
  seenOn: string[];
}

/** A mail as it was sent; its links and its code are left out. */
export interface StoryMail {
  id: string;
  kind: MailKind;
  state: MailTable['state'];
  locale: Locale;
  contactPointId: string;
  signupId: string | null;
  from: string;
  to: string;
  /** `Message-ID` */
  messageId: string;
  /** When it was promised, and when a server took it. */
  createdAt: string;
  sentAt: string | null;
  attempts: number;
  /** The name that the server or provider gave it, and its last answer. */
  providerId: string | null;
  answer: string | null;
  /** Null: never rendered, or deleted. */
  content: StoryMailContent | null;
  log: LogPlace[];
}

export interface StoryMailContent {
  subject: string;
  text: string;
  html: string;
  /** The whole mail, RFC 5322. */
  eml: Uint8Array;
  /** The stored copy as JSON with its salt, and its SHA-256, hex, which stands in the log. Null in older mails. */
  salted: string | null;
  commitment: string | null;
}

export interface StoryLetter {
  id: string;
  state: LetterTable['state'];
  controllerId: string;
  locale: Locale;
  createdAt: string;
  printedAt: string | null;
  printedBy: string | null;
  sentAt: string | null;
  sentBy: string | null;
  cancelledBecause: LetterTable['cancelled_because'];
  /** As printed. Null until then. */
  content: LetterContent | null;
  /** The stored copy as JSON with its salt, and its SHA-256, hex, which stands in the log. Null in older letters. */
  salted: string | null;
  commitment: string | null;
  log: LogPlace[];
}

/** A scan or a recording. */
export interface StoryFile {
  /** Hex. */
  sha256: string;
  /** Null: only its hash is known here. Read it with `readStoryFile`. */
  stored: { id: string; type: string; size: number; at: string } | null;
  /** The events whose captures name it. */
  eventIds: string[];
  log: LogPlace[];
}

/** The file that a permission came from. */
export interface StoryImport {
  id: string;
  /** As the file was called. */
  name: string;
  origin: 'staff' | 'api' | 'command_line';
  rows: number;
  filedBy: StoryActor;
  filedAt: string;
  /** The second person, where one was needed. */
  releasedBy: StoryActor | null;
  releasedAt: string | null;
  /** Keyed SHA-256 of the file and its mapping. */
  fileMac: string | null;
  /** Which line of the file became which event. Empty in older imports. */
  lines: { eventId: string; line: number }[];
  log: LogPlace[];
}
