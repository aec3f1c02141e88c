import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { listMails, readMail } from '#src/mail/demo-mailbox.ts';
import { fileTransport } from '#src/mail/file-transport.ts';
import { anOutgoingMail } from './an-outgoing-mail.ts';

describe('the demo mailbox', () => {
  let dir: string;

  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'jawort-mail-'));
  });
  afterEach(async () => {
    await rm(dir, { recursive: true });
  });

  it('lists the newest mails first and opens each with its headers, both parts and source', async () => {
    const [first, second, third] = [anOutgoingMail(), anOutgoingMail(), anOutgoingMail()];
    await fileTransport(dir).send([second, third, first]);
    expect((await listMails(dir, 2)).map((mail) => mail.id)).toEqual([third.id, second.id]);
    const mail = await readMail(dir, first.id);
    expect(mail).toMatchObject({
      id: first.id,
      to: first.to,
      subject: first.subject,
      date: first.date.toISOString(),
      kind: 'confirm-signup',
      html: expect.stringContaining('<p>Grüße</p>'),
    });
    expect(mail?.text).toContain('Grüße');
    expect(mail?.source).toContain('Auto-Submitted: auto-generated');
    expect(mail?.headers).toContainEqual({ name: 'Auto-Submitted', value: 'auto-generated' });
  });

  it('is empty while there is no folder', async () => {
    expect(await listMails(join(dir, 'none'), 10)).toEqual([]);
  });

  it('opens nothing that is not a mail of this folder', async () => {
    await writeFile(join(dir, 'secret.eml'), 'Subject: no');
    for (const id of ['secret', '../secret', '..%2fsecret', '', anOutgoingMail().id]) {
      expect(await readMail(dir, id)).toBeUndefined();
    }
    expect(await listMails(dir, 10)).toEqual([]);
  });
});
