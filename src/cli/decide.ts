import { decideContacts } from '#src/decisions/decide-contacts.ts';
import { keeperOf } from '#src/decisions/kept/keeper.ts';
import { UsageError } from './command.ts';
import { readQuestion } from './question.ts';
import { withApp } from './with-app.ts';

/** 0 when all of them may be contacted, 1 when one may not. */
export async function decideCommand(args: string[]): Promise<number> {
  const { question, positionals: addresses, json } = readQuestion(args, { past: true });
  if (addresses.length === 0) throw new UsageError('Name at least one address.');
  return withApp(async (app) => {
    const decided = await decideContacts(app, app.db, question, addresses);
    const idOf = keeperOf(app).keep({
      ...{ askedBy: 'command line', at: app.now().toISOString(), question },
      answers: decided.map(({ decision }) => decision),
      hashes: decided.map(({ hash }) => hash),
    });
    for (const [index, { contactPoint, decision }] of decided.entries()) {
      const line = { contact_point: contactPoint, decision_id: idOf(index), ...decision };
      if (json) console.log(JSON.stringify(line));
      else {
        const { allowed, reason, law, allowed_again_at } = decision;
        const again = allowed_again_at ? `  allowed again at ${allowed_again_at}` : '';
        console.log(`${allowed ? 'yes' : 'no '}  ${contactPoint}  ${reason}  (${law.join(', ')})${again}`);
      }
    }
    return decided.every(({ decision }) => decision.allowed) ? 0 : 1;
  });
}
