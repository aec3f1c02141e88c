import type { APIContext } from 'astro';
import { jurisdictions } from '#src/decisions/rule-table.ts';
import { openDesk } from '#src/desk/open-desk.ts';
import { takeContactable, takeSuppressions } from '#src/exchange/take-export.ts';
import { first } from '#src/forms/fields.ts';
import { csvDownload } from '#src/http/csv-download.ts';
import { Problem } from '#src/http/problem.ts';
import { readForm } from '#src/http/read-form.ts';

const channels = ['email', 'sms', 'phone', 'fax', 'post'] as const;
const audiences = ['consumer', 'business'] as const;

/** The list itself. A POST, because it is written down who took it. */
export async function answerExport(context: APIContext): Promise<Response | 'unknown'> {
  const { app, actor } = openDesk(context);
  const fields = await readForm(context.request);
  const typed = (name: string) => first(fields, name) ?? '';
  const day = app.now().toISOString().slice(0, 10);
  if (typed('list') === 'suppressions') {
    const plain = typed('addresses') === 'plain';
    return csvDownload(await takeSuppressions(app, actor, { plain }), `suppressions-${day}.csv`);
  }
  if (typed('list') !== 'contactable') throw new Problem(422);
  const [purpose = '', wished] = typed('for').split(':');
  const question = {
    purpose,
    channel: channels.find((one) => one === wished) ?? 'email',
    audience: audiences.find((one) => one === typed('audience')) ?? 'consumer',
    jurisdiction: jurisdictions.find((one) => one === typed('jurisdiction')) ?? 'DE',
  };
  const lines = await takeContactable(app, actor, question);
  if (lines === 'unknown') return lines;
  return csvDownload(lines, `contactable-${purpose}-${question.channel}-${day}.csv`);
}
