/** What is posted on the page about those who agreed to a version: take the list as a file, or have everybody told. */
import { z } from 'zod';
import type { DescribedText, DescribedVersion } from '#src/consent-texts/describe-text.ts';
import { placeParts } from '#src/consent-texts/text-place.ts';
import { again, deskAction, faultAt, type OpenDesk, redirect } from '#src/desk/desk-action.ts';
import { requireText } from '#src/desk/require-text.ts';
import { exportAffected } from '#src/exchange/export-affected.ts';
import { csvDownload } from '#src/http/csv-download.ts';
import { Problem } from '#src/http/problem.ts';
import { startTextNotices } from '#src/permissions/notify-about-text.ts';
import { paths } from '#src/routes.ts';

const takeList = deskAction('texts.approve', z.object({}), async (desk) => {
  const { app, actor } = desk;
  const { text, version } = await versionOf(desk);
  const day = app.now().toISOString().slice(0, 10);
  const name = ['affected', ...placeParts(text.place), `${version.major}.${version.minor}`, day].join('-');
  return csvDownload(await exportAffected(app, actor, version), `${name}.csv`);
});

const tell = deskAction('texts.approve', z.object({}), async (desk) => {
  const { app, actor, t } = desk;
  const { text, version } = await versionOf(desk);
  const { outcome } = await startTextNotices(app, actor, version.id);
  if (outcome === 'unknown_version') throw new Problem(404);
  if (outcome !== 'telling') return again([faultAt('tell', t(`texts.affected.${outcome}`))]);
  return redirect(paths.staffTextAffected(...placeParts(text.place), { version: version.id }));
});

export const affectedActions = { export: takeList, tell };

/** The version that the address names, or the live one: only what was live once has asked anybody. */
export function affectedVersion(text: DescribedText, url: URL): DescribedVersion {
  const id = url.searchParams.get('version');
  const version = id === null ? text.live : text.versions.find((one) => one.id === id);
  if (!version?.live_from) throw new Problem(404);
  return version;
}

async function versionOf({ app, params, url }: OpenDesk) {
  const text = await requireText(app.db, params);
  return { text, version: affectedVersion(text, url) };
}
