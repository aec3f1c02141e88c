import type { Db } from '#db/connect.ts';
import type { Channel } from '#db/schema.ts';
import type { App } from '#src/app.ts';
import { lookupHash } from '#src/people/contact-points.ts';
import { normaliseContactPoint } from '#src/people/normalise-contact-point.ts';
import { decide } from './decide.ts';
import type { Audience, Decision, Jurisdiction } from './facts.ts';
import { type LoadedFacts, loadFacts } from './load-facts.ts';
import { findPurpose } from './purpose.ts';
import { contactRules } from './rules.ts';

/** What a program or a campaign asks about many addresses. */
export interface ContactQuestion {
  purpose: string;
  channel: Channel;
  audience: Audience;
  jurisdiction: Jurisdiction;
  /** A moment in the past; without it, now. */
  at?: string;
}

/** The answer for one address, with the rows that it came from. */
export interface ContactDecision {
  contactPoint: string;
  decision: Decision;
  found: LoadedFacts;
  purposeId: string | null;
}

/** May we contact these addresses? One answer each, in their order. */
export async function decideContacts(
  app: App,
  db: Db,
  question: ContactQuestion,
  contactPoints: string[],
): Promise<ContactDecision[]> {
  const decideAt = await decidingContacts(app, db, question, contactPoints);
  return contactPoints.map((_, index) => decideAt(index));
}

/**
 * The same, decided one by one as the caller asks for them: what belongs to one of many thousand addresses is
 * gone before the next is looked at.
 */
export async function decidingContacts(
  app: App,
  db: Db,
  question: ContactQuestion,
  contactPoints: string[],
): Promise<(index: number) => ContactDecision> {
  const purpose = await findPurpose(db, question.purpose);
  const { channel, jurisdiction, audience } = question;
  const at = question.at ?? app.now().toISOString();
  const hashes = contactPoints.map((typed) => hashOf(app, channel, jurisdiction, typed));
  const asking = { purpose, channel, jurisdiction, at, past: question.at !== undefined };
  const factsOf = await loadFacts(db, asking, hashes);
  const asked = {
    channel,
    audience,
    jurisdiction,
    at,
    purposeKnown: purpose !== undefined,
    purposeHasChannel: purpose?.channels.includes(channel) ?? false,
    nonUse: purpose?.nonUse[channel],
  };
  return (index) => {
    const found = factsOf(hashes[index]);
    return {
      contactPoint: contactPoints[index] ?? '',
      decision: decide(asked, found.facts, contactRules),
      found,
      purposeId: purpose?.id ?? null,
    };
  };
}

/** `undefined` for what is no address of this channel. Numbers without a country code lie in the jurisdiction. */
export function hashOf(
  app: App,
  channel: Channel,
  jurisdiction: Jurisdiction,
  typed: string,
): string | undefined {
  const point = normaliseContactPoint(channel, typed, { defaultCountry: jurisdiction });
  return point.ok ? lookupHash(app.keys, channel, point.value) : undefined;
}
