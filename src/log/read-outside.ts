import type { App } from '#src/app/app.ts';
import { openCheckpoint } from './checkpoint.ts';
import type { OutsideHead } from './finding.ts';
import { listLogKeys } from './key-entries.ts';
import { readLogKey } from './log-key.ts';
import { type NoteVerifier, verifierOf } from './signed-note.ts';

export type ReadOutside =
  | { outcome: 'read'; head: OutsideHead }
  /** One sentence, which begins with the name. */
  | { outcome: 'unreadable'; message: string };

/** A checkpoint that was kept outside: signed by a key of this log, whether in use or retired. */
export async function readOutside(
  { db, config }: Pick<App, 'db' | 'config'>,
  name: string,
  note: string,
): Promise<ReadOutside> {
  const opened = openCheckpoint(note, await knownVerifiers({ db, config }));
  if (opened.outcome !== 'opened')
    return { outcome: 'unreadable', message: `${name}: ${reasons[opened.outcome]}` };
  const { origin, size, root } = opened.checkpoint;
  return { outcome: 'read', head: { origin, size, root: Buffer.from(root).toString('hex') } };
}

/** The keys that this log was ever signed with, and the one of this machine. */
export async function knownVerifiers({ db, config }: Pick<App, 'db' | 'config'>): Promise<NoteVerifier[]> {
  const own = config.logKey && readLogKey(config.logKey);
  const verifiers = (await listLogKeys(db)).map(({ verifier }) => verifier);
  return own?.outcome === 'read' ? [...verifiers, verifierOf(own.signer)] : verifiers;
}

const reasons = {
  not_a_checkpoint: 'this is no checkpoint of a log in the format that is read here (C2SP tlog-checkpoint).',
  unknown_key: 'this checkpoint was signed by a key that this log does not know.',
  wrong_signature: 'the signature of this checkpoint does not fit: it was changed, or never signed.',
};
