import { expireSignups } from '#src/signups/expire-signups.ts';
import { purgeSignups } from '#src/signups/purge-signups.ts';
import { readJsonFlag } from './command.ts';
import { withApp } from './with-app.ts';

export async function purgeCommand(args: string[]): Promise<number> {
  const json = readJsonFlag(args);
  return withApp(async (app) => {
    const total = { expired: 0, signups: 0, people: 0 };
    for (let round = await expireSignups(app); round > 0; round = await expireSignups(app)) {
      total.expired += round;
    }
    for (let round = await purgeSignups(app); round.signups > 0; round = await purgeSignups(app)) {
      total.signups += round.signups;
      total.people += round.people;
    }
    const { expired, signups, people } = total;
    if (json) console.log(JSON.stringify(total));
    else console.log(`${expired} requests expired. ${signups} requests and ${people} people were deleted.`);
    return 0;
  });
}
