import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { sql } from 'kysely';
import pino from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { deliverDue } from '#src/mail/deliver.ts';
import { fileTransport } from '#src/mail/file-transport.ts';
import type { RenderedMail } from '#src/mail/rendered-mail.ts';
import { findPerson } from '#src/people/contact-points.ts';
import { decryptJson } from '#src/people/encryption.ts';
import { confirmSignup } from '#src/signups/confirm-signup.ts';
import { aClient, newestToken, openTestApp, signUp, type TestApp } from '#tests/support/app.ts';
import { databases } from '#tests/support/databases.ts';
import { mailsTo, type ReadMail } from '#tests/support/mailbox.ts';
import { holdsSecret } from '#tests/support/secrets.ts';

const alice = 'alice.secret@example.org';

describe.each(databases)('what is kept of a mail on %s', (name) => {
  let test: TestApp;
  let dir: string;
  let lines: string[];

  beforeEach(async () => {
    test = await openTestApp(name);
    dir = await mkdtemp(join(tmpdir(), 'jawort-mail-'));
    lines = [];
    test.app.log = pino({ level: 'trace' }, { write: (line: string) => lines.push(line) });
  });
  afterEach(async () => {
    await test.close();
    await rm(dir, { recursive: true });
  });

  async function aWholeWay(): Promise<ReadMail[]> {
    const { app } = test;
    const transport = fileTransport(dir);
    await signUp(app, alice, ['product-news:email', 'event-invitations:email']);
    await deliverDue(app, transport, 10);
    await confirmSignup(app, await newestToken(app, alice), aClient);
    await deliverDue(app, transport, 10);
    return mailsTo(dir, alice);
  }

  function secretsIn(mails: ReadMail[]): string[] {
    const links = mails.flatMap((mail) => Object.values(mail.links));
    const secrets = links.flatMap((path: string | undefined) => path?.split('/').at(-1) ?? []);
    return [...secrets, ...mails.flatMap((mail) => mail.code ?? []), alice];
  }

  it('keeps no link, no code and no address that could be read', async () => {
    const secrets = secretsIn(await aWholeWay());
    expect(secrets).toHaveLength(5);
    const everything = await dump(test);
    expect(everything).toContain('product-news');
    for (const secret of secrets) expect(holdsSecret(everything, secret), secret).toBe(false);
  });

  it('keeps the words as they were sent, with a gap where each secret was', async () => {
    const mails = await aWholeWay();
    const rows = await test.app.db.selectFrom('mails').selectAll().orderBy('id').execute();
    const gaps = ['[Link zum Bestätigen entfernt]', '[Link zu den Einstellungen entfernt]'];
    for (const [index, row] of rows.entries()) {
      const person = await findPerson(test.app.db as never, test.app.keys, row.person_id);
      const kept = person && decryptJson<RenderedMail>(person.key, row.content_enc ?? '');
      expect(kept?.subject).toBe(mails[index]?.subject);
      expect(kept?.text).toContain(gaps[index]);
      expect(kept?.html).toContain(`href="${gaps[index]}"`);
      const paragraphs = (text: string) => text.split('\n\n').filter((part) => !/\[|http|^ {4}\d/.test(part));
      expect(paragraphs(kept?.text ?? '')).toEqual(
        paragraphs(mails[index]?.text.trimEnd().concat('\n') ?? ''),
      );
    }
  });

  it('logs which mail went out, but not to whom, about what, or with which link', async () => {
    const mails = await aWholeWay();
    const log = lines.join('');
    expect(lines.filter((line) => line.includes('"mail.sent"'))).toHaveLength(2);
    for (const secret of [...secretsIn(mails), ...mails.map((mail) => mail.subject)]) {
      expect(holdsSecret(log, secret), secret).toBe(false);
    }
  });
});

/** Every column of every table, and on SQLite the files as they lie on disk. */
async function dump({ app }: TestApp): Promise<string> {
  const tables = await app.db.introspection.getTables();
  const rows = await Promise.all(
    tables.map(async ({ name }) => (await sql`select * from ${sql.table(name)}`.execute(app.db)).rows),
  );
  const file = /^sqlite:(.+)$/.exec(app.config.databaseUrl)?.[1];
  if (!file) return JSON.stringify(rows);
  const names = await readdir(dirname(file));
  const files = await Promise.all(names.map((name) => readFile(join(dirname(file), name), 'latin1')));
  return [JSON.stringify(rows), ...files].join('\n');
}
