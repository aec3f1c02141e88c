import { buffer } from 'node:stream/consumers';
import { acceptBounceMail } from '#src/permissions/accept-bounce-mail.ts';
import { readJsonFlag } from './command.ts';
import { withApp } from './with-app.ts';

/** For a pipe of a mail server. 0 whatever the mail says: with another exit code the server would bounce the bounce. */
export async function bounceCommand(args: string[]): Promise<number> {
  const json = readJsonFlag(args);
  const source = await buffer(process.stdin);
  return withApp(async (app) => {
    const outcome = await acceptBounceMail(app, source);
    console.log(json ? JSON.stringify({ outcome }) : outcome);
    return 0;
  });
}
