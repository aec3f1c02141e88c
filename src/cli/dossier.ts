import { writeFile } from 'node:fs/promises';
import { type DossierResult, makeDossier } from '#src/dossiers/make-dossier.ts';
import type { StorySubject } from '#src/dossiers/read-story.ts';
import { ownId } from '#src/ids/public-id.ts';
import { readMoment } from '#src/permissions/capture.ts';
import { readArguments, UsageError } from './command.ts';
import { withApp } from './with-app.ts';

export async function dossierCommand(args: string[]): Promise<number> {
  const { values, positionals } = readArguments(args, { at: { type: 'string' }, out: { type: 'string' } });
  const [named, ...more] = positionals;
  if (!named || more.length > 0) throw new UsageError('Name one address, or one permission: per_…');
  const { out, json } = values;
  if (!out) throw new UsageError('--out is missing.');
  const given = values.at === undefined ? undefined : readMoment(values.at);
  if (given === null) throw new UsageError('--at is neither a date nor a time.');
  return withApp(async (app) => {
    const now = app.now().toISOString();
    const at = given ?? now;
    if (at > now) throw new UsageError('--at has not come yet.');
    const made = await makeDossier(app, subjectOf(named), at, { actor: null, note: { by: 'command line' } });
    if (made.outcome !== 'made') {
      console.error(sentenceOf(made));
      return 1;
    }
    // Full of personal data: nobody else on this machine may read it.
    await writeFile(out, made.zip, { mode: 0o600 });
    const { permissions } = made.story;
    const found = { file: out, as_of: at, permissions: permissions.map(({ publicId }) => publicId) };
    console.log(
      json
        ? JSON.stringify(found)
        : `Written to ${out}. Check it with: npm run jawort -- verify-dossier ${out}`,
    );
    return 0;
  });
}

function subjectOf(named: string): StorySubject {
  return ownId('permission', named) === undefined ? { address: named } : { permissionId: named };
}

function sentenceOf(result: Exclude<DossierResult, { outcome: 'made' }>): string {
  return result.outcome === 'not_signed' ? result.message : sentences[result.outcome];
}

const sentences = {
  unknown: 'Nothing is known of it, or was known then.',
  not_an_address: 'This is neither an address nor a permission (per_…).',
  shared: 'Several people have this address. Name the permission instead: per_…',
};
