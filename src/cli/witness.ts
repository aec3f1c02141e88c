import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { openWitness } from '#src/witness/open-witness.ts';
import { witnessServer } from '#src/witness/serve-witness.ts';
import { readArguments, UsageError } from './command.ts';

/** Runs until the process is told to end. */
export async function witnessCommand(args: string[]): Promise<number> {
  const { values, positionals } = readArguments(args, {
    state: { type: 'string' },
    key: { type: 'string' },
    port: { type: 'string' },
    host: { type: 'string' },
    name: { type: 'string' },
    log: { type: 'string', multiple: true },
  });
  const { state, key, port, host, name, json } = values;
  if (positionals.length > 0) throw new UsageError(`"${positionals[0]}" is not an option here.`);
  if (!state || !key) throw new UsageError('Name both files: --state FILE --key FILE.');
  if (!/^\d{1,5}$/.test(port ?? '') || Number(port) > 65_535)
    throw new UsageError('Name the port: --port N.');
  if (name !== undefined && !/^[^\s+]+$/u.test(name)) throw new UsageError('A name has no blank and no "+".');
  const logKeys = (values.log ?? []).flatMap(readLogKeys);
  const opened = openWitness({ state, key }, { name, logKeys });
  if (opened.outcome === 'refused') {
    console.error(opened.message);
    return 2;
  }
  const origins = Object.keys(opened.store.state.logs);
  const about = `${opened.key}\n`;
  const server = witnessServer(opened.store, opened.signer, about);
  server.listen(Number(port), host);
  await Promise.race([
    once(server, 'listening'),
    once(server, 'error').then(([error]) => Promise.reject(error)),
  ]);
  const address = server.address();
  const listening = typeof address === 'object' && address ? address.port : Number(port);
  const watching = origins.length > 0 ? origins.join(', ') : 'no log yet; name one with --log KEY';
  const lines = [
    `Key of this witness: ${opened.key}`,
    `Watching: ${watching}`,
    `Listening on port ${listening}.`,
  ];
  const told = Promise.race(['SIGTERM', 'SIGINT'].map((signal) => once(process, signal)));
  console.log(json ? JSON.stringify({ key: opened.key, logs: origins, port: listening }) : lines.join('\n'));
  await told;
  server.close();
  server.closeIdleConnections();
  await once(server, 'close');
  return 0;
}

/** A key, or a file with one a line, as `/.well-known/jawort/keys` gives them. */
function readLogKeys(text: string): string[] {
  if (/^[^\s+]+\+[0-9a-f]{8}\+/u.test(text)) return [text];
  try {
    return readFileSync(text, 'utf8')
      .split('\n')
      .filter((line) => line.trim() !== '');
  } catch {
    throw new UsageError(`--log ${text} is neither a key nor a file that can be read.`);
  }
}
