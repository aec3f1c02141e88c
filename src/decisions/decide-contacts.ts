import type { Db } from '#db/connect.ts';
import type { Channel } from '#db/schema/vocabulary.ts';
import type { App } from '#src/app/app.ts';
import { lookupHash } from '#src/people/contact-points.ts';
import { normaliseContactPoint } from '#src/people/normalise-contact-point.ts';
import { type AddressFacts, addressFacts } from './address-facts.ts';
import type { RuleContext } from './answer.ts';
import { decide, ruleContext } from './decide.ts';
import type { Audience, Decision, Jurisdiction } from './facts.ts';
import { type Addresses, type LoadedFacts, loadFacts, type RowReader } from './load-facts.ts';
import { contactRules } from './rules.ts';
import { wideKeysOf } from './wide-suppressions.ts';

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
  found: AddressFacts;
  purposeId: string | null;
}

/** May we contact these addresses? One answer each, in their order. */
export async function decideContacts(
  app: App,
  db: Db,
  question: ContactQuestion,
  contactPoints: string[],
): Promise<ContactDecision[]> {
  const { context, loaded, hashes } = await loadQuestion(app, db, question, contactPoints);
  return contactPoints.map((contactPoint, index) => {
    const found = addressFacts(loaded, index, hashes[index]);
    const decision = decide(context, found.facts);
    return { contactPoint, decision, found, purposeId: loaded?.purpose.id ?? null };
  });
}

/** Everything that decisions about the addresses of a question need. */
export interface LoadedQuestion {
  context: RuleContext;
  /** `undefined` when the purpose is unknown or retired. */
  loaded: LoadedFacts | undefined;
  /** Lookup hashes of the addresses. `undefined`: not valid. */
  hashes: (string | undefined)[];
}

export async function loadQuestion(
  app: App,
  db: Db,
  question: ContactQuestion,
  contactPoints: Iterable<string>,
  rows?: RowReader,
): Promise<LoadedQuestion> {
  const { channel, jurisdiction, audience } = question;
  const at = question.at ?? app.now().toISOString();
  const addresses = readAddresses(app, question, contactPoints);
  const loaded = await loadFacts(db, { ...question, at, past: question.at !== undefined }, addresses, rows);
  const purpose = loaded?.purpose;
  const context = ruleContext(
    {
      ...{ channel, audience, jurisdiction, at },
      purposeKnown: purpose !== undefined,
      purposeHasChannel: purpose?.channels.includes(channel) ?? false,
      nonUse: purpose?.nonUse[channel],
      acceptsClaimed: purpose?.acceptsClaimed,
    },
    contactRules,
  );
  return { context, loaded, hashes: addresses.hashes };
}

function readAddresses(
  app: App,
  { channel, jurisdiction }: ContactQuestion,
  contactPoints: Iterable<string>,
): Addresses {
  const addresses: Addresses = { hashes: [], wide: [] };
  for (const typed of contactPoints) {
    const hash = hashOf(app, channel, jurisdiction, typed);
    const index = addresses.hashes.push(hash) - 1;
    if (hash === undefined) continue;
    for (const key of wideKeysOf(app.keys, channel, jurisdiction, typed)) {
      addresses.wide.push({ ...key, index });
    }
  }
  return addresses;
}

/** `undefined` for what is no address of this channel. Numbers without a country code are read as the jurisdiction's. */
export function hashOf(
  app: App,
  channel: Channel,
  jurisdiction: Jurisdiction,
  typed: string,
): string | undefined {
  const point = normaliseContactPoint(channel, typed, { defaultCountry: jurisdiction });
  return point.ok ? lookupHash(app.keys, channel, point.value) : undefined;
}
