import { existsSync } from 'node:fs';
import { hostname } from 'node:os';
import { readLogKey, writeLogKey } from '#src/log/log-key.ts';
import {
  cosignatureType,
  type NoteSigner,
  readVerifier,
  verifierOf,
  verifierText,
} from '#src/log/signed-note.ts';
import type { WitnessStore } from './add-checkpoint.ts';
import { readWitnessState, type WitnessState, writeWitnessState } from './witness-state.ts';

export type OpenedWitness =
  | { outcome: 'opened'; store: WitnessStore; signer: NoteSigner; key: string }
  /** One sentence. */
  | { outcome: 'refused'; message: string };

/**
 * Reads the state and the key of a witness, or makes both at its first start. `logKeys` are verifier keys of logs that it
 * watches from now on.
 */
export function openWitness(
  files: { state: string; key: string },
  { name, logKeys }: { name: string | undefined; logKeys: string[] },
): OpenedWitness {
  const unknown = logKeys.find((key) => !readVerifier(key));
  if (unknown !== undefined) return refused(`"${unknown}" is not the key of a log.`);
  const before = readWitnessState(files.state);
  if (!before && existsSync(files.key)) {
    return refused(
      `The key ${files.key} is there and the state ${files.state} is not. A witness that forgets would sign two histories: bring the state back, or begin with a new key.`,
    );
  }
  if (before && name !== undefined && name !== before.name) {
    return refused(
      `This witness is called ${before.name}, which its key says too. A new name needs a new key and state.`,
    );
  }
  const state = withLogs(before ?? { name: name ?? `${hostname()}/witness`, logs: {} }, logKeys);
  writeWitnessState(files.state, state);
  if (!existsSync(files.key)) writeLogKey(files.key);
  const read = readLogKey({ file: files.key, origin: state.name });
  if (read.outcome !== 'read') return refused(read.message);
  return {
    outcome: 'opened',
    store: { state, save: (next) => writeWitnessState(files.state, next) },
    signer: read.signer,
    key: verifierText(verifierOf(read.signer, cosignatureType), cosignatureType),
  };
}

function refused(message: string): OpenedWitness {
  return { outcome: 'refused', message };
}

/** What is known of a log stays: a further key is for a log that has replaced its own. */
function withLogs(state: WitnessState, logKeys: string[]): WitnessState {
  const logs = { ...state.logs };
  for (const key of logKeys) {
    const origin = readVerifier(key)?.name ?? '';
    const log = logs[origin] ?? { keys: [], size: 0, root: '', note: '' };
    logs[origin] = { ...log, keys: [...new Set([...log.keys, key])] };
  }
  return { ...state, logs };
}
