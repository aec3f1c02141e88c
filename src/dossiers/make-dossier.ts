import { createHash } from 'node:crypto';
import type { App } from '#src/app/app.ts';
import { type Signed, signNow } from '#src/log/start-log.ts';
import type { PersonWithKey } from '#src/people/contact-points.ts';
import { recordAudit } from '#src/staff/audit.ts';
import { buildVerifier } from '#src/verifier/build-verifier.mjs';
import { utf8 } from '#src/verifier/bytes.ts';
import { type Files, hashOfList, leavesName, listName } from '#src/verifier/file-list.ts';
import { dossierFiles } from './dossier-files.ts';
import { readKeyHistory } from './key-history.ts';
import { type LogPlace, readLogPlaces } from './log-places.ts';
import { readOutsideHeads } from './outside-heads.ts';
import { renderNachweisPdf } from './pdf/render-nachweis-pdf.ts';
import { provePlaces } from './prove-places.ts';
import { readStoryFile } from './read-files.ts';
import { readScans } from './read-scans.ts';
import { readStory, type StoryResult, type StorySubject } from './read-story.ts';
import { recordFile } from './record-file.ts';
import type { Story } from './story.ts';
import { placesIn } from './story-places.ts';
import { packFiles } from './zip.ts';

export type DossierResult =
  | { outcome: 'made'; zip: Uint8Array; story: Story }
  | Exclude<StoryResult, { outcome: 'read' }>
  /** One sentence for the operator: without the key of the log nothing can be proved. */
  | { outcome: 'not_signed'; message: string };

/** Who asks for a dossier, for the audit trail. */
export interface DossierFor {
  /** A member of staff; null for a program. */
  actor: { id: string; name: string } | null;
  /** Names the program, or says why. Nothing about the person. */
  note: Record<string, string>;
}

/**
 * Everything about a permission or a person as of a moment (ISO), as a zip that proves itself: see `verify.mjs` in it. That
 * it was made, and the hashes of its files, are an entry of the log before anybody gets it.
 */
export async function makeDossier(
  app: App,
  subject: StorySubject,
  at: string,
  by: DossierFor,
): Promise<DossierResult> {
  const begun = await sign(app);
  if (begun.outcome === 'not_signed') return begun;
  const read = await readStory(app, subject, at);
  if (read.outcome !== 'read') return read;
  const { story, person } = read;
  const keys = await readKeyHistory(app.db);
  const files = await filesOf(app, story, person);
  const witnesses = app.config.witnesses.map(({ key }) => key);
  const outside = await readOutsideHeads(app.db, story, witnesses);
  for (const { size, tsr } of outside) if (tsr) files.set(`tsa/${size}.tsr`, tsr);
  files.set('keys.txt', utf8([...keys.texts, ...witnesses].map((text) => `${text}\n`).join('')));
  files.set('verify.mjs', utf8(await verifier()));
  const made = await recordMaking(app, story, by, await hashOfList(listOf(files)));
  const signed = await sign(app);
  if (signed.outcome === 'not_signed') return signed;
  const placesOf = await readLogPlaces(app.db, [made], app.now().toISOString());
  const places: LogPlace[] = [...placesIn(story), ...keys.places, ...placesOf('audit', made)];
  const older = [begun.checkpoint, ...keys.heads, ...outside];
  const leaves = await provePlaces(app.db, signed.checkpoint, places, older);
  files.set(leavesName, utf8(`${JSON.stringify(leaves, null, 1)}\n`));
  files.set(listName, utf8([...listOf(files)].map(([name, hash]) => `${hash}  ${name}\n`).join('')));
  return { outcome: 'made', zip: packFiles(files), story };
}

async function sign(app: App): Promise<Signed> {
  const { logKey } = app.config;
  if (logKey) return signNow(app, logKey);
  const message =
    'The log has no key, so nothing can be proved. Set LOG_KEY_FILE and run: npm run jawort -- log init';
  return { outcome: 'not_signed', message };
}

async function filesOf(app: App, story: Story, person: PersonWithKey): Promise<Files> {
  const files = await dossierFiles(story, (sha256) => readStoryFile(app.db, person, sha256));
  const scans = await readScans(app.db, person, story);
  const record = await recordFile(app, person, story);
  if (record) files.set('record.jsonld', utf8(record));
  return files.set('Nachweis.pdf', await renderNachweisPdf(story, { files: scans }));
}

let built: Promise<string> | undefined;

/** Built once: it takes a tenth of a second. */
function verifier(): Promise<string> {
  built ??= buildVerifier();
  return built;
}

function listOf(files: Files): Map<string, string> {
  const names = [...files.keys()].sort();
  return new Map(names.map((name) => [name, sha256Hex(files.get(name) ?? new Uint8Array())]));
}

function sha256Hex(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** Returns the id of the entry. */
async function recordMaking(
  app: App,
  story: Story,
  { actor, note }: DossierFor,
  filesSha256: string,
): Promise<string> {
  const [permission] = story.permissions;
  const [point] = story.person.contactPoints;
  const subject =
    story.about === 'permission' ? `permission:${permission?.id}` : `contact-point:${point?.id}`;
  const details = { ...note, as_of: story.at, files_sha256: filesSha256 };
  const at = app.now().toISOString();
  return app.db.transaction().execute((tx) => recordAudit(tx, at, actor, 'dossier.made', subject, details));
}
