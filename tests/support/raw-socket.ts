/** Requests as bytes on a socket: what no HTTP client would send. */
import { connect, type Socket } from 'node:net';

export interface RawAnswer {
  status: number;
  /** By their names in small letters. */
  headers: Record<string, string>;
}

export interface RawConnection {
  /** Sends the bytes; resolves with the answers that came until `count` of them were there or the connection ended. */
  send: (bytes: Buffer, count?: number) => Promise<RawAnswer[]>;
  /** The other side has ended it, or nothing more may be sent. */
  isOpen: () => boolean;
  close: () => void;
}

/** How long to wait for an answer before telling the server that no more bytes will come. */
const patienceMs = 400;

export function openRaw({ port }: { port: number }): RawConnection {
  const socket: Socket = connect(port, '127.0.0.1');
  let received = Buffer.alloc(0);
  let open = true;
  let changed = () => {};
  socket.on('data', (bytes) => {
    received = Buffer.concat([received, bytes]);
    changed();
  });
  const ended = () => {
    open = false;
    changed();
  };
  socket.on('error', ended).on('end', ended).on('close', ended);
  return {
    async send(bytes, count = 1) {
      received = Buffer.alloc(0);
      const isHead = /^HEAD /.test(bytes.toString('latin1'));
      socket.write(bytes);
      const halfClose = setTimeout(() => {
        open = false;
        socket.end();
      }, patienceMs);
      const giveUp = setTimeout(() => socket.destroy(), 20_000);
      try {
        for (;;) {
          const read = readAnswers(received, isHead);
          if (read.length >= count || socket.destroyed || socket.readableEnded) return read;
          await new Promise<void>((resolve) => {
            changed = resolve;
          });
        }
      } finally {
        clearTimeout(halfClose);
        clearTimeout(giveUp);
      }
    },
    isOpen: () => open && !socket.destroyed,
    close: () => void socket.destroy(),
  };
}

/** Sends the bytes on a connection of their own. */
export async function sendRaw(server: { port: number }, bytes: Buffer | string): Promise<RawAnswer[]> {
  const connection = openRaw(server);
  try {
    return await connection.send(Buffer.from(bytes as string, 'latin1'));
  } finally {
    connection.close();
  }
}

/** Every whole answer at the beginning of the bytes. */
function readAnswers(bytes: Buffer, isHead: boolean): RawAnswer[] {
  const answers: RawAnswer[] = [];
  for (let at = 0; ; ) {
    const end = bytes.indexOf('\r\n\r\n', at);
    if (end < 0) return answers;
    const answer = readHead(bytes.toString('latin1', at, end));
    const length = answer.status < 200 ? 0 : bodyLength(answer, bytes.subarray(end + 4), isHead);
    if (length === undefined) return answers;
    if (answer.status >= 200) answers.push(answer);
    at = end + 4 + length;
  }
}

function readHead(head: string): RawAnswer {
  const [first = '', ...lines] = head.split('\r\n');
  const headers = Object.fromEntries(
    lines.map((line) => {
      const colon = line.indexOf(':');
      return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
    }),
  );
  return { status: Number(/^HTTP\/1\.1 (\d{3})/.exec(first)?.[1] ?? 999), headers };
}

/** `undefined` while a part of it is missing. */
function bodyLength({ status, headers }: RawAnswer, rest: Buffer, isHead: boolean): number | undefined {
  if (isHead || status === 204 || status === 304) return 0;
  if (headers['transfer-encoding'] === 'chunked') {
    const end = rest.indexOf('0\r\n\r\n');
    return end < 0 ? undefined : end + 5;
  }
  const length = Number(headers['content-length'] ?? 0);
  return rest.length < length ? undefined : length;
}
