import type { Db } from '#db/connect.ts';
import type { Channel } from '#db/schema/vocabulary.ts';
import type { App } from '#src/app/app.ts';
import { foldProductLine } from '#src/controllers/product-line.ts';
import { lookupHash } from '#src/people/contact-points.ts';
import { normaliseContactPoint } from '#src/people/normalise-contact-point.ts';
import { type AddressFacts, addressFacts } from './address-facts.ts';
import type { RuleContext } from './answer.ts';
import { decide, ruleContext } from './decide.ts';
import type { Audience, Decision, Jurisdiction } from './facts.ts';
import { type Addresses, jurisdictionOf, type LoadedFacts, loadFacts, type RowReader } from './load-facts.ts';
import type { DecisionPurpose } from './purpose.ts';
import type { Means } from './rule-table.ts';
import { contactRules } from './rules.ts';
import { wideKeysOf } from './wide-suppressions.ts';

/** What a program or a campaign asks about many addresses. */
export interface ContactQuestion {
  purpose: string;
  channel: Channel;
  audience: Audience;
  /** The country whose law applies. Without it, that of each address, of its owner, or Germany. */
  jurisdiction?: Jurisdiction;
  /** Of calls. Without it: a person calls. */
  means?: Means;
  /** Its key or legal name. */
  controller?: string;
  /** What the message offers, where that is narrower than the purpose. */
  productLine?: string;
  /** A moment in the past; without it, now. */
  at?: string;
}

/** The answer for one address, with the rows that it came from. */
export interface ContactDecision {
  contactPoint: string;
  /** Its look-up hash. `undefined`: it is not valid. */
  hash: string | undefined;
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
  const { contextAt, loaded, hashes } = await loadQuestion(app, db, question, contactPoints);
  return contactPoints.map((contactPoint, index) => {
    const found = addressFacts(loaded, index, hashes[index]);
    const decision = decide(contextAt(index), found.facts);
    return { contactPoint, hash: hashes[index], decision, found, purposeId: loaded?.purpose.id ?? null };
  });
}

/** Everything that decisions about the addresses of a question need. */
export interface LoadedQuestion {
  /** The rules for the address at an index. Addresses under one law share theirs. */
  contextAt: (index: number) => RuleContext;
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
  const { channel, audience, means } = question;
  const productLine = question.productLine && foldProductLine(question.productLine);
  const at = question.at ?? app.now().toISOString();
  const addresses = readAddresses(app, question, contactPoints);
  const loaded = await loadFacts(db, { ...question, at, past: question.at !== undefined }, addresses, rows);
  const purpose = loaded?.purpose;
  const asked = {
    ...{ channel, audience, means, productLine, at },
    purposeKnown: purpose !== undefined && isOfController(purpose, question.controller),
    purposeHasChannel: purpose?.channels.includes(channel) ?? false,
    nonUse: purpose?.nonUse[channel],
    acceptsClaimed: purpose?.acceptsClaimed,
  };
  const contexts = new Map<Jurisdiction, RuleContext>();
  function contextAt(index: number): RuleContext {
    const jurisdiction =
      loaded?.jurisdictions[index] ??
      jurisdictionOf(question.jurisdiction, addresses.countries[index], undefined);
    const known = contexts.get(jurisdiction);
    if (known) return known;
    const context = ruleContext({ ...asked, jurisdiction }, contactRules);
    contexts.set(jurisdiction, context);
    return context;
  }
  return { contextAt, loaded, hashes: addresses.hashes };
}

/** A consent belongs to one controller. What another one asks about is no purpose of theirs. */
function isOfController({ controller }: DecisionPurpose, asked: string | undefined): boolean {
  if (asked === undefined) return true;
  const name = asked.trim().toLowerCase();
  return name === controller.key.toLowerCase() || name === controller.legalName.toLowerCase();
}

function readAddresses(
  app: App,
  { channel, jurisdiction }: ContactQuestion,
  contactPoints: Iterable<string>,
): Addresses {
  const addresses: Addresses = { hashes: [], wide: [], countries: [] };
  const defaultCountry = jurisdiction ?? 'DE';
  for (const typed of contactPoints) {
    const point = normaliseContactPoint(channel, typed, { defaultCountry });
    const hash = point.ok ? lookupHash(app.keys, channel, point.value) : undefined;
    const index = addresses.hashes.push(hash) - 1;
    addresses.countries.push(point.ok ? point.country : undefined);
    if (hash === undefined) continue;
    for (const key of wideKeysOf(app.keys, channel, defaultCountry, typed)) {
      addresses.wide.push({ ...key, index });
    }
  }
  return addresses;
}

/** `undefined` for what is no address of this channel. Numbers without a country code are read as the jurisdiction's. */
export function hashOf(
  app: App,
  { channel, jurisdiction = 'DE' }: Pick<ContactQuestion, 'channel' | 'jurisdiction'>,
  typed: string,
): string | undefined {
  const point = normaliseContactPoint(channel, typed, { defaultCountry: jurisdiction });
  return point.ok ? lookupHash(app.keys, channel, point.value) : undefined;
}
