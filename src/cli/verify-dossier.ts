import { readFile } from 'node:fs/promises';
import { unpackFiles } from '#src/dossiers/zip.ts';
import { knownVerifiers } from '#src/log/read-outside.ts';
import { verifierText } from '#src/log/signed-note.ts';
import { reportOf } from '#src/verifier/report.ts';
import type { DossierVerdict } from '#src/verifier/verdict.ts';
import { verifyDossier } from '#src/verifier/verify-dossier.ts';
import { readArguments, UsageError } from './command.ts';
import { withApp } from './with-app.ts';

/** Trusts the keys that this log was ever signed with, and no others. */
export async function verifyDossierCommand(args: string[]): Promise<number> {
  const { values, positionals } = readArguments(args, {});
  const [file, ...more] = positionals;
  if (!file || more.length > 0) throw new UsageError('Name one file.');
  const zip = await readFile(file).catch(() => undefined);
  const files = zip && unpackFiles(zip);
  if (!files) {
    const message = zip ? 'This is no zip file, or it is cut off.' : 'This file can’t be read.';
    console.log(values.json ? JSON.stringify({ outcome: 'unreadable', message }) : `${file}: ${message}`);
    return exitCodes.unreadable;
  }
  return withApp(async (app) => {
    const trusted = (await knownVerifiers(app)).map((key) => verifierText(key));
    const verdict = await verifyDossier(files, trusted);
    console.log(values.json ? JSON.stringify(verdict) : reportOf(verdict));
    return exitCodes[verdict.outcome];
  });
}

const exitCodes: Record<DossierVerdict['outcome'], number> = { genuine: 0, not_genuine: 1, unreadable: 2 };
