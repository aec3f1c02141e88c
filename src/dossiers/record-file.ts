import type { App } from '#src/app/app.ts';
import type { PersonWithKey } from '#src/people/contact-points.ts';
import { context } from '#src/receipts/dpv-terms.ts';
import { type ReceiptFacts, readReceiptFacts } from '#src/receipts/receipt-facts.ts';
import { type Node, recordOf } from '#src/receipts/record.ts';
import type { Story, StoryPermission } from './story.ts';

/**
 * The records of the permissions of a story after ISO/IEC TS 27560, as JSON-LD. `undefined` when there is none: a purpose that
 * was retired has no record any more.
 */
export async function recordFile(
  { db, config }: Pick<App, 'db' | 'config'>,
  person: PersonWithKey,
  story: Story,
): Promise<string | undefined> {
  const records: Node[] = [];
  for (const permission of story.permissions) {
    const facts = await readReceiptFacts(db, person, permission.id, story.person.locale);
    if (facts) records.push(recordOf(asOfThen(facts, permission, story), config.baseUrl));
  }
  const [only, ...others] = records;
  if (!only) return undefined;
  const document =
    others.length === 0 ? { '@context': context, ...only } : { '@context': context, '@graph': records };
  return `${JSON.stringify(document, null, 2)}\n`;
}

/** The facts are those of today: what has changed since is taken from the story. */
function asOfThen(facts: ReceiptFacts, then: StoryPermission, { at, texts }: Story): ReceiptFacts {
  const events = facts.events.filter(({ occurredAt }) => occurredAt <= at);
  const text = texts.find(({ id }) => id === then.textId);
  const { state, since, validUntil, basis, grade, channelVerified: verified, thirdParties } = then;
  return {
    ...facts,
    ...{ state, since, validUntil, basis, grade, verified, thirdParties, events },
    text: text ?? null,
    // These sentences are about the state of today.
    ground: events.length === facts.events.length ? facts.ground : [],
  };
}
