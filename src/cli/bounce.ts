import { buffer } from 'node:stream/consumers';
import { parseArgs } from 'node:util';
import { acceptBounceMail } from '#src/permissions/accept-bounce-mail.ts';
import { withApp } from './with-app.ts';

const usage = 'Usage: bounce [--json] < MAIL.eml          reads one mail that came back from standard input';

/** For a pipe of a mail server. 0 whatever the mail said: another status would have the server bounce the bounce. */
export async function bounceCommand(args: string[]): Promise<number> {
  const asked = read(args);
  if (!asked || asked.help) {
    (asked ? console.log : console.error)(usage);
    return asked ? 0 : 2;
  }
  const source = await buffer(process.stdin);
  return withApp(async (app) => {
    const outcome = await acceptBounceMail(app, source);
    console.log(asked.json ? JSON.stringify({ outcome }) : outcome);
    return 0;
  });
}

function read(args: string[]): { json: boolean; help: boolean } | undefined {
  try {
    const { values } = parseArgs({
      args,
      options: { json: { type: 'boolean', default: false }, help: { type: 'boolean', default: false } },
    });
    return values;
  } catch {
    return undefined;
  }
}
