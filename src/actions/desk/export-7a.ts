/** The proof of § 7a UWG as a file. A POST with a reason, because it is written down who took it and why. */
import { z } from 'zod';
import { again, deskAction, faultAt } from '#src/desk/desk-action.ts';
import { faultOfPeriod } from '#src/exchange/export-7a.ts';
import { take7a } from '#src/exchange/take-export.ts';
import { csvDownload } from '#src/http/csv-download.ts';
import { line } from '#src/http/form-schema.ts';

export const exportCalls = deskAction(
  'calls.read',
  z.object({ from: line, to: line, reason: line }),
  async ({ app, actor, t }, { from, to, reason }) => {
    const fault = faultOfPeriod({ from, to });
    if (fault)
      return again([
        faultAt(
          fault === 'no_day' ? 'from' : 'to',
          t(fault === 'no_day' ? 'call_proofs.day' : 'call_proofs.order'),
        ),
      ]);
    if (reason.length < 5) return again([faultAt('reason', t('call_proofs.reason.needed'))]);
    return csvDownload(await take7a(app, actor, { from, to, reason }), `7a-${from}-${to}.csv`);
  },
);
