import { batchRequests, type RequestBatcher } from '#db/batch-requests.ts';
import type { App } from '#src/app/app.ts';
import { type ContactDecision, type ContactQuestion, decideContacts } from './decide-contacts.ts';

/** As of now. Questions about the past are rare and answered alone. */
type Question = Omit<ContactQuestion, 'at'>;

/**
 * The same answers as `decideContacts`. In a call centre many agents ask about one address each at the same time: requests
 * that differ in their addresses only are answered by one look-up.
 */
export function decideTogether(
  app: App,
  question: Question,
  contactPoints: string[],
): Promise<ContactDecision[]> {
  if (contactPoints.length > smallRequest) return decideContacts(app, app.db, question, contactPoints);
  const batchers = batchersOf.get(app) ?? new Map<string, Batcher>();
  batchersOf.set(app, batchers);
  const { purpose, channel, audience, jurisdiction, means, controller, productLine } = question;
  const key = JSON.stringify([purpose, channel, audience, jurisdiction, means, controller, productLine]);
  const batcher = batchers.get(key) ?? newBatcher(app, question, () => batchers.delete(key));
  batchers.set(key, batcher);
  return batcher.ask(contactPoints);
}

/** A longer list would delay the others and gains nothing from a shared look-up. */
const smallRequest = 20;
const batchLimit = 50;

type Batcher = RequestBatcher<string[], ContactDecision[]>;
const batchersOf = new WeakMap<App, Map<string, Batcher>>();

function newBatcher(app: App, question: Question, onIdle: () => void): Batcher {
  return batchRequests(
    async (requests) => {
      const decided = await decideContacts(app, app.db, question, requests.flat());
      return requests.map(({ length }) => decided.splice(0, length));
    },
    { limit: batchLimit, onIdle },
  );
}
