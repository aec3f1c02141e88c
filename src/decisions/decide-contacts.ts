import type { Db } from '#db/connect.ts';
import type { Channel } from '#db/schema.ts';
import type { App } from '#src/app/app.ts';
import { lookupHash } from '#src/people/contact-points.ts';
import { normaliseContactPoint } from '#src/people/normalise-contact-point.ts';
import { decide } from './decide.ts';
import { decidingAlike, type LineDecision } from './decide-alike.ts';
import type { Audience, Decision, Facts, Jurisdiction, Question } from './facts.ts';
import { type KnownFacts, type LoadedFacts, loadFacts } from './load-facts.ts';
import { contactRules } from './rules.ts';
import type { Standing } from './standing.ts';
import { gatheringWideKeys } from './suppressions.ts';

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
  const at = question.at ?? app.now().toISOString();
  const { asked, known } = await readUp(app, db, question, at, contactPoints);
  return contactPoints.map((contactPoint, index) => {
    const found = known.facts(index, known.standing(index));
    const decision = decide(asked, found.facts, contactRules);
    return { contactPoint, decision, found, purposeId: known.purpose?.id ?? null };
  });
}

/** The answer for a line of a file, and whose contact point it is about. */
export interface ContactLine {
  decision: LineDecision;
  standing: Standing | undefined;
}

/**
 * The same decisions as of now, for thousands of addresses: one by one as the caller asks for them, and made once for
 * all that are alike.
 */
export async function decidingLines(
  app: App,
  question: Omit<ContactQuestion, 'at'>,
  now: Date,
  contactPoints: Iterable<string>,
): Promise<{ purposeId: string | null; decideAt: (index: number) => ContactLine }> {
  const { asked, known } = await readUp(app, app.db, question, now.toISOString(), contactPoints);
  const decideAlike = decidingAlike((index, grantedAt, lastUsedAt) => {
    const { facts } = known.facts(index, known.standing(index));
    return decide(asked, givenAndUsed(facts, grantedAt, lastUsedAt), contactRules);
  });

  function decideAt(index: number): ContactLine {
    const standing = known.standing(index);
    const permission = standing?.permission;
    const likeness = known.likeness(index, standing);
    const decision = likeness
      ? decideAlike(likeness, permission?.granted_at ?? '', permission?.last_used_at ?? '', index)
      : decide(asked, known.facts(index, standing).facts, contactRules);
    return { decision, standing };
  }

  return { purposeId: known.purpose?.id ?? null, decideAt };
}

function givenAndUsed(facts: Facts, grantedAt: string, lastUsedAt: string): Facts {
  const { permission } = facts;
  if (!permission) return facts;
  const times = { grantedAt: grantedAt || null, lastUsedAt: lastUsedAt || null };
  return { ...facts, permission: { ...permission, ...times } };
}

/** Everything that deciding about these addresses takes. */
async function readUp(
  app: App,
  db: Db,
  question: ContactQuestion,
  at: string,
  contactPoints: Iterable<string>,
): Promise<{ asked: Question; known: KnownFacts }> {
  const { channel, jurisdiction, audience } = question;
  const hashes: (string | undefined)[] = [];
  const wide = gatheringWideKeys(app.keys, channel, jurisdiction);
  for (const typed of contactPoints) {
    const hash = hashOf(app, channel, jurisdiction, typed);
    if (hash !== undefined) wide.add(hashes.length, typed);
    hashes.push(hash);
  }
  const asking = { purpose: question.purpose, channel, jurisdiction, at, past: question.at !== undefined };
  const known = await loadFacts(db, asking, hashes, wide.done(db));
  const { purpose } = known;
  const asked = {
    channel,
    audience,
    jurisdiction,
    at,
    purposeKnown: purpose !== undefined,
    purposeHasChannel: purpose?.channels.includes(channel) ?? false,
    nonUse: purpose?.nonUse[channel],
    acceptsClaimed: purpose?.acceptsClaimed,
  };
  return { asked, known };
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
