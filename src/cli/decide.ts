import { decideContacts } from '#src/decisions/decide-contacts.ts';
import { readQuestion } from './question.ts';
import { withApp } from './with-app.ts';

const usage =
  'Usage: decide ADDRESS … --purpose KEY --channel email|sms|phone|fax|post [--audience business] ' +
  '[--jurisdiction DE|AT|CH] [--at TIME] [--json]';

/** 0 when all of them may be contacted, 1 when one may not. */
export async function decideCommand(args: string[]): Promise<number> {
  const asked = readQuestion(args, usage, { past: true });
  if (!asked || asked.names.length === 0) {
    if (asked) console.error(usage);
    return 2;
  }
  return withApp(async (app) => {
    const decided = await decideContacts(app, app.db, asked.question, asked.names);
    for (const { contactPoint, decision } of decided) {
      if (asked.json) console.log(JSON.stringify({ contact_point: contactPoint, ...decision }));
      else {
        const { allowed, reason, law, allowed_again_at } = decision;
        const again = allowed_again_at ? `  allowed again at ${allowed_again_at}` : '';
        console.log(`${allowed ? 'yes' : 'no '}  ${contactPoint}  ${reason}  (${law.join(', ')})${again}`);
      }
    }
    return decided.every(({ decision }) => decision.allowed) ? 0 : 1;
  });
}
