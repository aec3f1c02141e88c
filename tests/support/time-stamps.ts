/** A time-stamping service (RFC 3161) of our own: `openssl ts` behind a real HTTP server on the loopback. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';

export interface TimeStamps {
  url: string;
  /** The root certificate, PEM. */
  roots: string;
  /** Changes what is answered; it gets the query and the right answer to it. */
  answer: (query: Buffer, right: () => Buffer) => Buffer | { status: number; body: Buffer };
  /** The right answer to a query. */
  reply: (query: Buffer) => Buffer;
  close: () => Promise<void>;
}

export async function startTimeStamps(
  folder: string,
  { key = 'rsa' }: { key?: 'rsa' | 'ec' } = {},
): Promise<TimeStamps> {
  mkdirSync(folder, { recursive: true });
  const file = (name: string) => join(folder, name);
  const openssl = (...args: string[]) => execFileSync('openssl', args, { cwd: folder, stdio: 'pipe' });
  const newKey =
    key === 'rsa' ? ['-newkey', 'rsa:2048'] : ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-384'];
  writeFileSync(file('ts.cnf'), configuration(folder));
  writeFileSync(file('serial'), '01\n');
  const root = ['-subj', '/O=Test/CN=Root', '-addext', 'basicConstraints=critical,CA:TRUE', '-days', '2'];
  openssl('req', '-x509', ...newKey, '-nodes', '-keyout', 'root.key', '-out', 'root.pem', ...root);
  openssl('req', ...newKey, '-nodes', '-keyout', 'tsa.key', '-out', 'tsa.csr', '-subj', '/O=Test/CN=Stamps');
  writeFileSync(file('tsa.ext'), 'basicConstraints=CA:FALSE\nextendedKeyUsage=critical,timeStamping\n');
  const issue = [
    '-CA',
    'root.pem',
    '-CAkey',
    'root.key',
    '-CAcreateserial',
    '-days',
    '1',
    '-extfile',
    'tsa.ext',
  ];
  openssl('x509', '-req', '-in', 'tsa.csr', '-out', 'tsa.pem', ...issue);
  const reply = (query: Buffer) => {
    writeFileSync(file('query'), query);
    openssl('ts', '-reply', '-config', 'ts.cnf', '-queryfile', 'query', '-out', 'answer');
    return readFileSync(file('answer'));
  };
  const stamps: TimeStamps = {
    url: '',
    roots: file('root.pem'),
    answer: (_query, right) => right(),
    reply,
    close: async () => undefined,
  };
  const server = createServer(async (request, response) => {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part);
    const query = Buffer.concat(parts);
    const given = stamps.answer(query, () => reply(query));
    const { status, body } = Buffer.isBuffer(given) ? { status: 200, body: given } : given;
    response.writeHead(status, { 'Content-Type': 'application/timestamp-reply' }).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  stamps.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/tsr`;
  stamps.close = async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  return stamps;
}

function configuration(folder: string): string {
  return `[tsa]
default_tsa = own
[own]
dir = ${folder}
serial = $dir/serial
crypto_device = builtin
signer_cert = $dir/tsa.pem
certs = $dir/root.pem
signer_key = $dir/tsa.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256, sha384, sha512
accuracy = secs:1
ordering = no
tsa_name = no
ess_cert_id_chain = no
ess_cert_id_alg = sha256
`;
}
