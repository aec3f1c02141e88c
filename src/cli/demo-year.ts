import { migrate } from '#db/migrate.ts';
import { demoYear } from '#src/demo/demo-year.ts';
import { progressBar } from './progress-bar.ts';
import { readFlags, withApp } from './with-app.ts';

const days = 365;

export async function demoYearCommand(args: string[]): Promise<number> {
  const flags = readFlags(args, ['--json']);
  if (!flags) return 2;
  return withApp(async (app) => {
    if (app.config.production) {
      console.error('There is no demo in production.');
      return 2;
    }
    await migrate(app.db);
    const draw = progressBar(days + 1, 0);
    const result = await demoYear(app, { days, onDay: (day) => draw(day, day, day > days) });
    if (flags.has('--json')) console.log(JSON.stringify(result));
    else if (result.outcome === 'not_empty') {
      console.error(
        'This database holds something already, and a past cannot be put before it. Name a new one, for example\n' +
          '  DATABASE_URL=sqlite:var/year.db npm run jawort -- demo-year\n' +
          'and look at it with\n' +
          '  DATABASE_URL=sqlite:var/year.db npm start',
      );
    } else {
      const { signups, confirmed, withdrawn } = result;
      console.log(
        `A year is in: ${signups} people signed up, ${confirmed} confirmed, ${withdrawn} of them left again.`,
      );
    }
    return result.outcome === 'filled' ? 0 : 1;
  });
}
