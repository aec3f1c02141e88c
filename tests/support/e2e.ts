/** Where the browser tests find the server that was started for them. */
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from './postgres.ts';

// The first process of a run decides; the workers that it starts inherit the decision.
process.env.E2E_PORT ??= String(await freePort());

export const baseUrl = `http://127.0.0.1:${process.env.E2E_PORT}`;
/** The server makes it and keeps everything in it; it is gone when the run is over. */
export const e2eFolder = join(tmpdir(), `jawort-e2e-${process.env.E2E_PORT}`);
/** Every mail that the server sent, one `.eml` file each. */
export const mailDir = join(e2eFolder, 'mail');
