import type { App } from '#src/app.ts';
import { settlePermissionCounts } from '#src/consent-texts/permission-counts.ts';
import { recheckVersions } from '#src/consent-texts/recheck-versions.ts';
import { deliverWebhooks } from '#src/exchange/deliver-webhooks.ts';
import { runImports } from '#src/exchange/run-import.ts';
import { forgetOldDeliveries } from '#src/exchange/webhooks.ts';
import { settleFiguresGently } from '#src/figures/settle-figures.ts';
import { publishDueTexts } from '#src/forms/publish-due-texts.ts';
import { expirePermissions } from '#src/permissions/expire-permissions.ts';
import { tellAboutTexts } from '#src/permissions/tell-about-text.ts';
import { tellFailedOnPaper } from '#src/permissions/tell-on-paper.ts';
import { expireSignups } from '#src/signups/expire-signups.ts';
import { purgeSignups } from '#src/signups/purge-signups.ts';
import { watchForms } from '#src/signups/watch-forms.ts';
import { fillWideHashes } from './fill-wide-hashes.ts';
import { forgetOldAnswers } from './forget-old-answers.ts';
import { forgetOldCounts } from './forget-old-counts.ts';

export interface Job {
  name: string;
  everyMinutes: number;
  /** Counts only: what is logged about a job never names anyone. */
  run: (app: App) => Promise<Record<string, number>>;
}

export const jobs: Job[] = [
  { name: 'expire-signups', everyMinutes: 1, run: async (app) => ({ expired: await expireSignups(app) }) },
  { name: 'purge-signups', everyMinutes: 10, run: purgeSignups },
  {
    name: 'forget-old-counts',
    everyMinutes: 30,
    run: async (app) => ({ counts: await forgetOldCounts(app) }),
  },
  {
    name: 'forget-old-answers',
    everyMinutes: 30,
    run: async (app) => ({ answers: await forgetOldAnswers(app) }),
  },
  {
    name: 'expire-permissions',
    everyMinutes: 5,
    run: async (app) => ({ expired: await expirePermissions(app) }),
  },
  {
    name: 'tell-on-paper',
    everyMinutes: 5,
    run: async (app) => ({ letters: await tellFailedOnPaper(app) }),
  },
  { name: 'tell-about-texts', everyMinutes: 1, run: tellAboutTexts },
  { name: 'deliver-webhooks', everyMinutes: 1, run: deliverWebhooks },
  {
    name: 'forget-old-deliveries',
    everyMinutes: 60,
    run: async (app) => ({ deliveries: await forgetOldDeliveries(app) }),
  },
  { name: 'run-imports', everyMinutes: 1, run: async (app) => ({ ...(await runImports(app)) }) },
  {
    name: 'publish-due-texts',
    everyMinutes: 1,
    run: async (app) => ({ ...(await publishDueTexts(app)) }),
  },
  { name: 'settle-permission-counts', everyMinutes: 1, run: settlePermissionCounts },
  { name: 'settle-figures', everyMinutes: 1, run: settleFiguresGently },
  { name: 'fill-wide-hashes', everyMinutes: 5, run: fillWideHashes },
  { name: 'recheck-texts', everyMinutes: 5, run: recheckVersions },
  { name: 'watch-forms', everyMinutes: 5, run: watchForms },
];
