/** The lists of the desk as files. A POST, because it is written down who took one. */
import { z } from 'zod';
import { jurisdictions } from '#src/decisions/rules.ts';
import { again, deskAction, faultAt } from '#src/desk/desk-action.ts';
import { takeContactable, takeSuppressions } from '#src/exchange/take-export.ts';
import { csvDownload } from '#src/http/csv-download.ts';
import { line, oneOf } from '#src/http/form-schema.ts';

const channels = ['email', 'sms', 'phone', 'fax', 'post'] as const;
const audiences = ['consumer', 'business'] as const;

export const takeExport = deskAction(
  'exports.take',
  z.object({
    list: oneOf(['contactable', 'suppressions']),
    addresses: line,
    for: line,
    audience: line,
    jurisdiction: line,
  }),
  async ({ app, actor, t }, typed) => {
    const day = app.now().toISOString().slice(0, 10);
    if (typed.list === 'suppressions') {
      const plain = typed.addresses === 'plain';
      return csvDownload(await takeSuppressions(app, actor, { plain }), `suppressions-${day}.csv`);
    }
    const [purpose = '', wished] = typed.for.split(':');
    const question = {
      purpose,
      channel: channels.find((one) => one === wished) ?? 'email',
      audience: audiences.find((one) => one === typed.audience) ?? 'consumer',
      jurisdiction: jurisdictions.find((one) => one === typed.jurisdiction),
    };
    const rows = await takeContactable(app, actor, question);
    if (rows === 'unknown') return again([faultAt('for', t('exports.unknown'))]);
    return csvDownload(rows, `contactable-${purpose}-${question.channel}-${day}.csv`);
  },
);
