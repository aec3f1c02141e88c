import type { Migration } from 'kysely/migration';
import * as ground from './0001-ground.ts';
import * as staff from './0002-staff.ts';
import * as api from './0003-api.ts';
import * as purposes from './0004-purposes.ts';
import * as texts from './0005-texts.ts';
import * as webhooks from './0007-webhooks.ts';
import * as forms from './0008-forms.ts';
import * as figures from './0009-figures.ts';
import * as running from './0010-running.ts';
import * as letters from './0011-letters.ts';
import * as exchange from './0012-exchange.ts';
import * as lookups from './0013-lookups.ts';
import * as failedMails from './0014-failed-mails.ts';
import * as noReplacing from './0015-no-replacing.ts';
import * as kiosks from './0020-kiosks.ts';
import * as paper from './0021-paper-and-checks.ts';
import * as personEvents from './0021-person-events.ts';
import * as restrictionNews from './0022-restriction-news.ts';
import * as secretCheck from './0023-secret-check.ts';
import * as mailPriority from './0025-mail-priority.ts';
import * as leases from './0026-leases.ts';
import * as mailPause from './0029-mail-pause.ts';
import * as purgedLinks from './0030-purged-links.ts';
import * as replacedLinks from './0030-replaced-links.ts';
import * as stoppedTexts from './0031-stopped-texts.ts';
import * as textNotices from './0032-text-notices.ts';
import * as refusals from './0033-refusals.ts';
import * as importStates from './0035-import-states.ts';
import * as trueEvidence from './0036-true-evidence.ts';
import * as suppressionReports from './0037-suppression-reports.ts';
import * as keyMakers from './0038-key-makers.ts';
import * as transparencyLog from './20261201-0800-transparency-log.ts';
import * as copyCommitments from './20261201-1030-copy-commitments.ts';
import * as logKeys from './20261201-1100-log-keys.ts';
import * as logWatchers from './20261201-1110-log-watchers.ts';
import * as countries from './20261201-1120-countries.ts';
import * as receiptKeys from './20261201-1130-receipt-keys.ts';
import * as customerRules from './20261201-1215-customer-rules.ts';
import * as keptDecisions from './20261201-1230-kept-decisions.ts';
import * as lookupCountry from './20261201-1330-lookup-country.ts';

/**
 * Listed by hand: a bundle has no folder to read. Applied in the order of their names. A new one is named by the minute in
 * which it is written, `20261201-0930-what-changes`; one that has landed never changes.
 */
export const migrations: Record<string, Migration> = {
  '0001-ground': ground,
  '0002-staff': staff,
  '0003-api': api,
  '0004-purposes': purposes,
  '0005-texts': texts,
  '0007-webhooks': webhooks,
  '0008-forms': forms,
  '0009-figures': figures,
  '0010-running': running,
  '0011-letters': letters,
  '0012-exchange': exchange,
  '0013-lookups': lookups,
  '0014-failed-mails': failedMails,
  '0015-no-replacing': noReplacing,
  '0020-kiosks': kiosks,
  '0021-paper-and-checks': paper,
  '0021-person-events': personEvents,
  '0022-restriction-news': restrictionNews,
  '0023-secret-check': secretCheck,
  '0025-mail-priority': mailPriority,
  '0026-leases': leases,
  '0029-mail-pause': mailPause,
  '0030-purged-links': purgedLinks,
  '0030-replaced-links': replacedLinks,
  '0031-stopped-texts': stoppedTexts,
  '0032-text-notices': textNotices,
  '0033-refusals': refusals,
  '0035-import-states': importStates,
  '0036-true-evidence': trueEvidence,
  '0037-suppression-reports': suppressionReports,
  '0038-key-makers': keyMakers,
  '20261201-0800-transparency-log': transparencyLog,
  '20261201-1030-copy-commitments': copyCommitments,
  '20261201-1100-log-keys': logKeys,
  '20261201-1110-log-watchers': logWatchers,
  '20261201-1120-countries': countries,
  '20261201-1130-receipt-keys': receiptKeys,
  '20261201-1215-customer-rules': customerRules,
  '20261201-1230-kept-decisions': keptDecisions,
  '20261201-1330-lookup-country': lookupCountry,
};
