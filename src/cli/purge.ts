import { expireSignups } from '#src/signups/expire-signups.ts';
import { purgeSignups } from '#src/signups/purge-signups.ts';
import { readFlags, withApp } from './with-app.ts';

export async function purgeCommand(args: string[]): Promise<number> {
  const flags = readFlags(args, ['--json']);
  if (!flags) return 2;
  return withApp(async (app) => {
    const total = { expired: 0, signups: 0, people: 0 };
    for (let round = await expireSignups(app); round > 0; round = await expireSignups(app)) {
      total.expired += round;
    }
    for (let round = await purgeSignups(app); round.signups > 0; round = await purgeSignups(app)) {
      total.signups += round.signups;
      total.people += round.people;
    }
    if (flags.has('--json')) console.log(JSON.stringify(total));
    else {
      console.log(
        `${total.expired} requests ended, ${total.signups} deleted, ${total.people} people erased with them.`,
      );
    }
    return 0;
  });
}
