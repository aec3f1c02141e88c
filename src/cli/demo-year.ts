import { migrate } from '#db/migrate.ts';
import { demoYear } from '#src/demo/demo-year.ts';
import { readJsonFlag } from './command.ts';
import { progressBar } from './progress-bar.ts';
import { withApp } from './with-app.ts';

const days = 365;

export async function demoYearCommand(args: string[]): Promise<number> {
  const json = readJsonFlag(args);
  return withApp(async (app) => {
    if (app.config.production) {
      console.error('There is no demo in production.');
      return 2;
    }
    await migrate(app.db);
    const draw = progressBar(days + 1, 0);
    const result = await demoYear(app, { days, onDay: (day) => draw(day, day, day > days) });
    if (json) console.log(JSON.stringify(result));
    else if (result.outcome === 'not_empty') {
      console.error(
        'This database is not empty, and a year of demo data fits into an empty one only. Name a new one, for example\n' +
          '  DATABASE_URL=sqlite:var/year.db npm run jawort -- demo-year\n' +
          'and look at it with\n' +
          '  DATABASE_URL=sqlite:var/year.db npm start',
      );
    } else {
      const { signups, confirmed, withdrawn } = result;
      console.log(
        `A year of demo data: ${signups} people signed up, ${confirmed} confirmed, ${withdrawn} withdrew later.`,
      );
    }
    return result.outcome === 'filled' ? 0 : 1;
  });
}
