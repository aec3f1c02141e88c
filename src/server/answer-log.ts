import type { IncomingMessage, ServerResponse } from 'node:http';
import type { App } from '#src/app/app.ts';
import { cosignedNote } from '#src/log/cosigned-note.ts';
import { listLogKeys } from '#src/log/key-entries.ts';
import { newestCheckpoint } from '#src/log/log-status.ts';
import { readTile } from '#src/log/tile-store.ts';
import { hashBytes, readTilePath, tileWidth, widthAt } from '#src/log/tiles.ts';
import { receiptKeySet } from '#src/receipts/receipt-keys.ts';
import { paths } from '#src/routes.ts';

/**
 * What outsiders check by: of the log (C2SP tlog-tiles) `/log/checkpoint`, `/log/tile/{level}/{n}[.p/{width}]` and its keys at
 * `/.well-known/jawort/keys`; of receipts their keys at `/.well-known/jawort/jwks.json`. The entries themselves are not
 * public. False for every other address.
 */
export function answerLog(app: App, request: IncomingMessage, response: ServerResponse): boolean {
  const path = request.url?.split('?')[0] ?? '';
  const tile = /^\/log\/tile\/(.*)$/.exec(path)?.[1];
  const answer =
    path === '/log/checkpoint'
      ? checkpointAnswer
      : path === '/.well-known/jawort/keys'
        ? keysAnswer
        : path === paths.receiptKeys()
          ? receiptKeysAnswer
          : tile === undefined
            ? undefined
            : (opened: App) => tileAnswer(opened, tile);
  if (!answer) return false;
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    response.writeHead(405, { Allow: 'GET, HEAD' }).end();
    return true;
  }
  answer(app).then(
    (found) => (found ? send(response, found) : response.writeHead(404, plainText).end('Not found\n')),
    (error) => {
      app.log.error({ reason: String(error) }, 'log.not_answered');
      response.writeHead(503, { ...plainText, 'Retry-After': '5' }).end('Not available now\n');
    },
  );
  return true;
}

interface Answer {
  type: string;
  cache: string;
  body: string | Buffer;
}

const plainText = { 'Content-Type': 'text/plain; charset=utf-8' };
const fresh = 'no-cache';
const forever = 'public, max-age=31536000, immutable';

function send(response: ServerResponse, { type, cache, body }: Answer): void {
  response.writeHead(200, {
    'Content-Type': type,
    'Cache-Control': cache,
    'Content-Length': Buffer.byteLength(body),
  });
  response.end(body);
}

async function checkpointAnswer({ db }: App): Promise<Answer | undefined> {
  const checkpoint = await newestCheckpoint(db);
  const body = checkpoint && (await cosignedNote(db, checkpoint));
  return body === undefined ? undefined : { type: plainText['Content-Type'], cache: fresh, body };
}

async function keysAnswer({ db }: App): Promise<Answer> {
  const lines = (await listLogKeys(db)).map(({ text }) => `${text}\n`);
  return { type: plainText['Content-Type'], cache: fresh, body: lines.join('') };
}

async function receiptKeysAnswer({ db }: App): Promise<Answer> {
  return {
    type: 'application/jwk-set+json',
    cache: fresh,
    body: `${JSON.stringify(await receiptKeySet(db))}\n`,
  };
}

/** Only what the newest checkpoint covers: nobody could check the rest. */
async function tileAnswer({ db }: App, path: string): Promise<Answer | undefined> {
  const place = readTilePath(path);
  const checkpoint = await newestCheckpoint(db);
  if (!place || !checkpoint || place.width > widthAt(place, Number(checkpoint.size))) return undefined;
  const tile = await readTile(db, place);
  return {
    type: 'application/octet-stream',
    cache: place.width === tileWidth ? forever : fresh,
    body: tile.subarray(0, place.width * hashBytes),
  };
}
