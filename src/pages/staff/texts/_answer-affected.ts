import type { APIContext } from 'astro';
import type { DescribedText, DescribedVersion } from '#src/consent-texts/describe-text.ts';
import { placeParts } from '#src/consent-texts/text-place.ts';
import { openDesk } from '#src/desk/open-desk.ts';
import { exportAffected } from '#src/exchange/export-affected.ts';
import { first } from '#src/forms/fields.ts';
import { csvDownload } from '#src/http/csv-download.ts';
import { Problem } from '#src/http/problem.ts';
import { readForm } from '#src/http/read-form.ts';
import { startTextNotices } from '#src/permissions/notify-about-text.ts';
import { paths } from '#src/routes.ts';

/** Takes the list as a file, or has everybody on it told. What stands in the way comes back as a sentence. */
export async function answerAffected(
  context: APIContext,
  text: DescribedText,
  version: DescribedVersion,
): Promise<Response | string> {
  const { app, actor, t } = openDesk(context);
  const action = first(await readForm(context.request), 'action');
  if (action === 'export') {
    const day = app.now().toISOString().slice(0, 10);
    const { purpose, channel, locale } = text.place;
    return csvDownload(
      await exportAffected(app, actor, version),
      `affected-${purpose}-${channel}-${locale}-${version.major}.${version.minor}-${day}.csv`,
    );
  }
  if (action !== 'tell') throw new Problem(422);
  const { outcome } = await startTextNotices(app, actor, version.id);
  if (outcome === 'unknown_version') throw new Problem(404);
  if (outcome !== 'telling') return t(`texts.affected.${outcome}`);
  return context.redirect(paths.staffTextAffected(...placeParts(text.place), { version: version.id }), 303);
}
