import type { App } from '#src/app/app.ts';
import { findPause } from '#src/mail/queue-pause.ts';
import {
  countMails,
  listFailedMails,
  retryPausedQueue,
  sendFailedMails,
} from '#src/permissions/failed-mails.ts';
import { readArguments, UsageError } from './command.ts';
import { withApp } from './with-app.ts';

/** Changes the queue only; the server sends. Exit code 1: none of the mails can be sent. */
export async function mailsCommand(args: string[]): Promise<number> {
  const { action, ids, json } = readAction(args);
  return withApp(async (app) => {
    if (action === 'send-again') return sendAgain(app, ids, json);
    if (action === 'try-now') await retryPausedQueue(app, null);
    await showQueue(app, json);
    return 0;
  });
}

interface MailsArguments {
  action: 'show' | 'send-again' | 'try-now';
  ids: string[] | 'all';
  json: boolean;
}

function readAction(args: string[]): MailsArguments {
  const { values, positionals } = readArguments(args, { all: { type: 'boolean', default: false } });
  const { all, json } = values;
  const [action = 'show', ...ids] = positionals;
  if (action === 'send-again') {
    if (all === ids.length > 0) throw new UsageError('Name the ids of mails, or --all.');
    return { action, ids: all ? 'all' : ids, json };
  }
  if (action !== 'show' && action !== 'try-now') throw new UsageError(`"${action}" is not an action here.`);
  if (ids.length > 0 || all) throw new UsageError('Ids and --all belong to send-again.');
  return { action, ids, json };
}

async function sendAgain(app: App, ids: string[] | 'all', json: boolean): Promise<number> {
  const queued = await sendFailedMails(app, null, ids);
  console.log(json ? JSON.stringify({ queued }) : `${queued} mails are in the queue again.`);
  return queued > 0 || ids === 'all' ? 0 : 1;
}

async function showQueue(app: App, json: boolean): Promise<void> {
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
