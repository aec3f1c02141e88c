import { batchRequests, type RequestBatcher } from '#db/batch-requests.ts';
import type { App } from '#src/app/app.ts';
import { type ContactDecision, type ContactQuestion, decideContacts } from './decide-contacts.ts';

/** As of now: what is asked about the past is asked alone. */
type Question = Omit<ContactQuestion, 'at'>;

/**
 * The same answers as `decideContacts` gives. A call centre asks about one address at a time, and many agents ask at
 * once: those who ask the same of different addresses at the same moment are answered by one look at the database.
 */
export function decideTogether(
  app: App,
  question: Question,
  contactPoints: string[],
): Promise<ContactDecision[]> {
  if (contactPoints.length > few) return decideContacts(app, app.db, question, contactPoints);
  const lines = linesOf.get(app) ?? new Map<string, Line>();
  linesOf.set(app, lines);
  const { purpose, channel, audience, jurisdiction } = question;
  const key = JSON.stringify([purpose, channel, audience, jurisdiction]);
  const line = lines.get(key) ?? newLine(app, question, () => lines.delete(key));
  lines.set(key, line);
  return line.ask(contactPoints);
}

/** A longer list would keep the others waiting, and gains nothing from their company. */
const few = 20;
const mostAtOnce = 50;

type Line = RequestBatcher<string[], ContactDecision[]>;
const linesOf = new WeakMap<App, Map<string, Line>>();

function newLine(app: App, question: Question, idle: () => void): Line {
  return batchRequests(
    async (asked) => {
      const decided = await decideContacts(app, app.db, question, asked.flat());
      return asked.map(({ length }) => decided.splice(0, length));
    },
    { limit: mostAtOnce, onIdle: idle },
  );
}
