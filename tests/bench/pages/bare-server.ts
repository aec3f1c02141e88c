/**
 * The bare limit over HTTP: parses the same form, commits the same number of rows as durably, and answers.
 * Nothing is checked, encrypted, looked up or promised. `bare-server.ts FILE` prints its port.
 */
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { parse } from 'node:querystring';
import sqlite3 from 'sqlite3';
import { bareCommitter } from './driver.ts';

const [file = ''] = process.argv.slice(2);
const committer = await bareCommitter(file);
const reader = new sqlite3.Database(file, sqlite3.OPEN_READONLY);
const rowsOf = reader.prepare('SELECT id, kind, body FROM bare LIMIT ?');
const page = 'x'.repeat(6000);
let ids = 0;

/** `POST /commit/11` writes eleven rows, `GET /read/28` reads twenty-eight. */
const server = createServer(async (request, response) => {
  const rows = Number(request.url?.split('/')[2]);
  if (request.method === 'POST') {
    const fields = parse(await bodyOf(request));
    const body = JSON.stringify(fields);
    await committer.commit(Array.from({ length: rows }, () => [String(++ids), 'act', body]));
    response.writeHead(303, { Location: `/sent?s=${ids}`, 'Content-Length': 0 }).end();
  } else {
    await read(rows);
    response.writeHead(200, { 'Content-Type': 'text/html', 'Content-Length': page.length }).end(page);
  }
});

server.listen(0, '127.0.0.1', () => console.log((server.address() as AddressInfo).port));
process.once('SIGTERM', () => process.exit(0));

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

function read(rows: number): Promise<unknown[]> {
  return new Promise((resolve, reject) => {
    rowsOf.all([rows], (error: Error | null, found: unknown[]) => (error ? reject(error) : resolve(found)));
  });
}
