import { readFile, writeFile } from 'node:fs/promises';
import { type CheckedProof, checkProof, proofOf } from '#src/log/proof-file.ts';
import { knownVerifiers } from '#src/log/read-outside.ts';
import { readArguments, UsageError } from './command.ts';
import { withApp } from './with-app.ts';

export async function logProofCommand(args: string[]): Promise<number> {
  const { values, positionals } = readArguments(args, { out: { type: 'string' } });
  const [id, ...more] = positionals;
  if (!id || more.length > 0) throw new UsageError('Name one id.');
  return withApp(async (app) => {
    const proof = await proofOf(app, id.replace(/^[a-z]{3}_/, ''));
    if (proof === undefined) {
      console.error(`No signed head of the log covers an entry about ${id}.`);
      return 2;
    }
    if (values.out) await writeFile(values.out, proof);
    const shown = values.out ? `Written to ${values.out}.` : proof.trimEnd();
    console.log(values.json ? JSON.stringify({ proof }) : shown);
    return 0;
  });
}

export async function logCheckProofCommand(args: string[]): Promise<number> {
  const { values, positionals } = readArguments(args, {});
  const [file, ...more] = positionals;
  if (!file || more.length > 0) throw new UsageError('Name one file.');
  const text = await readFile(file, 'utf8').catch(() => '');
  return withApp(async (app) => {
    const checked = await checkProof(text, await knownVerifiers(app));
    console.log(values.json ? JSON.stringify(checked) : `${file}: ${sentenceOf(checked)}`);
    return exitCodes[checked.outcome];
  });
}

const exitCodes: Record<CheckedProof['outcome'], number> = {
  genuine: 0,
  not_genuine: 1,
  unknown_key: 1,
  unreadable: 2,
};

function sentenceOf(checked: CheckedProof): string {
  if (checked.outcome === 'not_genuine') return 'not genuine. It was changed after it was made.';
  if (checked.outcome === 'unknown_key') return 'signed by a key that this log does not know.';
  if (checked.outcome === 'unreadable') return 'no proof that can be read (C2SP tlog-proof).';
  const { index, size, origin, entry } = checked;
  return `genuine. Entry ${index} of the ${size} entries of ${origin}:\n${entry}`;
}
