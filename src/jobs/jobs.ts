import type { App } from '#src/app/app.ts';
import { settlePermissionCounts } from '#src/consent-texts/permission-counts.ts';
import { recheckVersions } from '#src/consent-texts/recheck-versions.ts';
import { forgetOldDecisions } from '#src/decisions/kept/forget-old.ts';
import { sealBatches } from '#src/decisions/kept/seal-batches.ts';
import { runImports } from '#src/exchange/run-imports.ts';
import { forgetOldDeliveries } from '#src/exchange/webhooks.ts';
import { settleFiguresGently } from '#src/figures/settle-figures.ts';
import { publishDueTexts } from '#src/forms/publish-due-texts.ts';
import { sendToWitnesses } from '#src/log/send-to-witnesses.ts';
import { stampLog } from '#src/log/stamp-log.ts';
import { deleteUnclaimedFiles } from '#src/permissions/evidence-files.ts';
import { expirePermissions } from '#src/permissions/expire-permissions.ts';
import { sendTextNotices } from '#src/permissions/notify-about-text.ts';
import { replaceFailedMailsByLetters } from '#src/permissions/notify-by-letter.ts';
import { expireSignups } from '#src/signups/expire-signups.ts';
import { purgeSignups } from '#src/signups/purge-signups.ts';
import { watchForms } from '#src/signups/watch-forms.ts';
import { fillCountries } from './fill-countries.ts';
import { fillWideHashes } from './fill-wide-hashes.ts';
import { forgetOldAnswers } from './forget-old-answers.ts';
import { forgetOldCounts } from './forget-old-counts.ts';
import type { Lease } from './lease.ts';
import { tellAdminsAboutLog } from './tell-admins-about-log.ts';

export interface Job {
  name: string;
  everyMinutes: number;
  /** Does one short batch. Returns counts only, because they are logged. */
  run: (app: App, lease: Lease) => Promise<Record<string, number>>;
  /** The next batch follows while this count is not 0. Without it, one batch is enough. */
  repeatWhile?: string;
}

export const jobs: Job[] = [
  {
    name: 'expire-signups',
    everyMinutes: 1,
    run: async (app, { fence }) => ({ expired: await expireSignups(app, fence) }),
    repeatWhile: 'expired',
  },
  {
    name: 'purge-signups',
    everyMinutes: 10,
    run: (app, { fence }) => purgeSignups(app, fence),
    repeatWhile: 'signups',
  },
  {
    name: 'forget-old-counts',
    everyMinutes: 30,
    run: async (app) => ({ counts: await forgetOldCounts(app) }),
    repeatWhile: 'counts',
  },
  {
    name: 'forget-old-answers',
    everyMinutes: 30,
    run: async (app) => ({ answers: await forgetOldAnswers(app) }),
    repeatWhile: 'answers',
  },
  {
    name: 'expire-permissions',
    everyMinutes: 5,
    run: async (app, { fence }) => ({ expired: await expirePermissions(app, fence) }),
    repeatWhile: 'expired',
  },
  {
    name: 'tell-on-paper',
    everyMinutes: 5,
    run: (app, { fence }) => replaceFailedMailsByLetters(app, fence),
    repeatWhile: 'mails',
  },
  { name: 'tell-about-texts', everyMinutes: 1, run: sendTextNotices, repeatWhile: 'notices' },
  {
    name: 'forget-unnamed-files',
    everyMinutes: 60,
    run: async (app) => ({ files: await deleteUnclaimedFiles(app) }),
  },
  {
    name: 'forget-old-deliveries',
    everyMinutes: 60,
    run: async (app) => ({ deliveries: await forgetOldDeliveries(app) }),
    repeatWhile: 'deliveries',
  },
  // Often, so that imports of a killed process soon continue.
  { name: 'run-imports', everyMinutes: 0.25, run: runImports, repeatWhile: 'imports' },
  {
    name: 'publish-due-texts',
    everyMinutes: 1,
    run: async (app) => ({ ...(await publishDueTexts(app)) }),
  },
  { name: 'settle-permission-counts', everyMinutes: 1, run: settlePermissionCounts },
  { name: 'settle-figures', everyMinutes: 1, run: (app) => settleFiguresGently(app), repeatWhile: 'counted' },
  { name: 'fill-wide-hashes', everyMinutes: 5, run: fillWideHashes, repeatWhile: 'filled' },
  { name: 'fill-countries', everyMinutes: 5, run: fillCountries, repeatWhile: 'filled' },
  {
    name: 'seal-decisions',
    everyMinutes: 1,
    run: (app, { fence }) => sealBatches(app, fence),
    repeatWhile: 'batches',
  },
  { name: 'forget-old-decisions', everyMinutes: 60, run: forgetOldDecisions, repeatWhile: 'batches' },
  { name: 'recheck-texts', everyMinutes: 5, run: (app) => recheckVersions(app), repeatWhile: 'checked' },
  { name: 'watch-forms', everyMinutes: 5, run: watchForms },
  { name: 'send-to-witnesses', everyMinutes: 0.25, run: (app, { signal }) => sendToWitnesses(app, signal) },
  { name: 'stamp-log', everyMinutes: 1, run: (app, { signal }) => stampLog(app, signal) },
  { name: 'tell-about-log', everyMinutes: 5, run: tellAdminsAboutLog },
];
