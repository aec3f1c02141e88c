/** `node sequence-until-killed.ts URL KEY_FILE N`: takes in what waits and signs the head, and dies before its Nth statement. */
import pino from 'pino';
import { connect } from '#db/connect.ts';
import { readConfig } from '#src/app/config.ts';
import { signNow } from '#src/log/start-log.ts';
import { deriveKeys } from '#src/secrets/keys.ts';

const [url = '', file = '', statement = ''] = process.argv.slice(2);
const read = readConfig({ DATABASE_URL: url, LOG_KEY_FILE: file, LOG_ORIGIN: 'log.example' });
if (!read.ok) throw new Error(read.mistakes.join('\n'));
let left = Number(statement);
const db = (await connect(url)).withPlugin({
  transformQuery({ node }) {
    left -= 1;
    if (left === 0) process.kill(process.pid, 'SIGKILL');
    return node;
  },
  transformResult: async ({ result }) => result,
});
const { config } = read;
const app = {
  db,
  config,
  keys: deriveKeys(config.appSecret),
  now: () => new Date(),
  log: pino({ level: 'silent' }),
};
const signed = await signNow(app, { file, origin: 'log.example' });
await db.destroy();
if (signed.outcome !== 'signed') throw new Error(signed.message);
