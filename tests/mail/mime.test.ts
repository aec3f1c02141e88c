import { describe, expect, it } from 'vitest';
import { mimeSource } from '#src/mail/mime.ts';
import { readMail } from '#tests/support/mailbox.ts';
import { anOutgoingMail } from './an-outgoing-mail.ts';

const read = (changes: Parameters<typeof anOutgoingMail>[0]) => {
  const mail = anOutgoingMail(changes);
  return readMail(mail.id, mimeSource(mail));
};

describe('mimeSource', () => {
  it('holds text and HTML as alternatives, both in UTF-8, in lines that every server takes', async () => {
    const text = `Grüße – ${'sehr '.repeat(300)}\n.\nFrom here\n`;
    const mail = await read({ text, html: '<p>Grüße &lt; 😀</p>' });
    expect(mail.headers['content-type']).toMatch(/^multipart\/alternative; boundary=/);
    expect(mail.text.trimEnd()).toBe(text.trimEnd());
    expect(mail.html.trim()).toBe('<p>Grüße &lt; 😀</p>');
    expect(mail.source).toMatch(/^[\r\n -~]*$/);
    expect(mail.source.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/);
    expect(Math.max(...mail.source.split('\r\n').map((line) => line.length))).toBeLessThanOrEqual(90);
  });

  it('is the same to the byte for the same mail', () => {
    const mail = anOutgoingMail();
    expect(mimeSource(mail).equals(mimeSource(mail))).toBe(true);
  });

  it('carries date, Message-ID and the headers of the mail', async () => {
    const list =
      'https://consent.example/u/AgGiCjw5sXGTmc_1fkku56EAAAAA9sNj9L66mrAQByGYte032QgGiCjw5sXGTmc_1fkku5';
    const headers = {
      'List-Unsubscribe': `<${list}>`,
      'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
    };
    const mail = await read({ headers, messageId: '<1@muster.example>' });
    expect(mail.headers).toMatchObject({
      'mime-version': '1.0',
      'message-id': '<1@muster.example>',
      date: 'Mon, 02 Nov 2026 09:00:00 +0000',
      'list-unsubscribe': `<${list}>`,
      'list-unsubscribe-post': 'List-Unsubscribe=One-Click',
    });
    expect(mail.source.split('\r\n')).toContain(`List-Unsubscribe: <${list}>`);
  });

  it.each([
    ['"bob@evil.example, carol"@example.org'],
    ['"a\\"b"@example.org'],
    ["o'neil+news@example.org"],
    ['jürgen@example.org'],
    [`${'a'.repeat(64)}@${'b'.repeat(60)}.${'c'.repeat(60)}.${'d'.repeat(60)}.example`],
  ])('is addressed to %s and nobody else', async (to) => {
    const mail = anOutgoingMail({ to });
    const header = /^To:((?:.|\r\n )*)/m.exec(mimeSource(mail).toString())?.[1]?.replaceAll('\r\n', '');
    expect(header?.trim().replace(/^<|>$/g, '')).toBe(to);
  });

  it.each(['subject', 'to', 'replyTo', 'from', 'messageId'])('lets no line end out of %s', async (field) => {
    const mail = await read({ [field]: 'a@example.org\r\nBcc: eve@example.org\r\n\r\nbody' });
    expect(Object.keys(mail.headers)).not.toContain('bcc');
    expect(mail.text).toContain('Grüße');
  });
});
