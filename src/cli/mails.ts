import { parseArgs } from 'node:util';
import type { App } from '#src/app/app.ts';
import { findPause } from '#src/mail/queue-pause.ts';
import {
  countMails,
  listFailedMails,
  sendFailedMails,
  tryPausedQueue,
} from '#src/permissions/failed-mails.ts';
import { withApp } from './with-app.ts';

const usage = `Usage: mails [--json]                          what waits, and what was given up
       mails send-again ID … | --all [--json]    puts given-up mails back into the queue
       mails try-now [--json]                     ends the waiting of a paused queue`;

/** The server sends what is put back; this command only changes the queue. Exit 1: none of the mails can be sent. */
export async function mailsCommand(args: string[]): Promise<number> {
  const asked = read(args);
  if (!asked) {
    console.error(usage);
    return 2;
  }
  if (asked.help) {
    console.log(usage);
    return 0;
  }
  return withApp(async (app) => {
    if (asked.act === 'send-again') return sendAgain(app, asked.ids, asked.json);
    if (asked.act === 'try-now') await tryPausedQueue(app, null);
    await show(app, asked.json);
    return 0;
  });
}

interface Asked {
  act: 'show' | 'send-again' | 'try-now';
  ids: string[] | 'all';
  json: boolean;
  help: boolean;
}

function read(args: string[]): Asked | undefined {
  try {
    const { values, positionals } = parseArgs({
      args,
      allowPositionals: true,
      options: {
        all: { type: 'boolean', default: false },
        json: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    });
    const { all, json, help } = values;
    const [act = 'show', ...ids] = positionals;
    if (help) return { act: 'show', ids: [], json, help };
    if (act === 'send-again' && all !== ids.length > 0) return { act, ids: all ? 'all' : ids, json, help };
    if ((act === 'show' || act === 'try-now') && ids.length === 0 && !all) return { act, ids, json, help };
    return undefined;
  } catch (error) {
    console.error(error instanceof Error ? error.message : usage);
    return undefined;
  }
}

async function sendAgain(app: App, ids: string[] | 'all', json: boolean): Promise<number> {
  const queued = await sendFailedMails(app, null, ids);
  console.log(json ? JSON.stringify({ queued }) : `${queued} mails are in the queue again.`);
  return queued > 0 || ids === 'all' ? 0 : 1;
}

async function show(app: App, json: boolean): Promise<void> {
  const { waiting, failed } = await countMails(app.db);
  const pause = await findPause(app.db);
  const mails = await listFailedMails(app);
  if (json) {
    const paused = pause ? { since: pause.paused_at, next_try: pause.until, reason: pause.reason } : null;
    console.log(JSON.stringify({ waiting, failed, paused, mails }));
    return;
  }
  console.log(`${waiting} mails wait, ${failed} were given up.`);
  if (pause) console.log(`Paused since ${pause.paused_at}, next try ${pause.until}: ${pause.reason}`);
  for (const { id, kind, createdAt, attempts, reason, canBeSent } of mails) {
    const note = canBeSent ? '' : '  (can’t be sent again)';
    console.log(`${id}  ${createdAt}  ${kind}  ${attempts} attempts  ${reason}${note}`);
  }
}
