import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { smtpTransport } from '#src/mail/smtp-transport.ts';
import type { Transport } from '#src/mail/transport.ts';
import { readMail } from '#tests/support/mailbox.ts';
import { anOutgoingMail } from './an-outgoing-mail.ts';

describe('the SMTP transport', () => {
  let server: SMTPServer;
  let transport: Transport;
  let connections: number;
  let received: { to: string[]; source: string }[];
  let refusal: { responseCode: number; message: string } | undefined;
  const url = () => `smtp://127.0.0.1:${(server.server.address() as AddressInfo).port}`;

  beforeEach(async () => {
    [connections, received, refusal] = [0, [], undefined];
    server = new SMTPServer({
      authOptional: true,
      disabledCommands: ['STARTTLS'],
      onConnect: (_, done) => {
        connections += 1;
        done();
      },
      onRcptTo: (_, __, done) => done(refusal && Object.assign(new Error(refusal.message), refusal)),
      onData: (stream, session, done) => {
        const chunks: Buffer[] = [];
        stream.on('data', (chunk) => chunks.push(chunk));
        stream.on('end', () => {
          const to = session.envelope.rcptTo.map(({ address }) => address);
          received.push({ to, source: Buffer.concat(chunks).toString('utf8') });
          done(null, 'queued as 4711');
        });
      },
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    transport = smtpTransport(url(), { requireTls: false });
  });
  afterEach(async () => {
    await transport.close();
    await new Promise<void>((resolve) => server.close(resolve));
  });

  it('sends both parts with their headers', async () => {
    const mail = anOutgoingMail({
      headers: {
        'Auto-Submitted': 'auto-generated',
        'List-Unsubscribe': '<https://consent.example/u/x>',
      },
    });
    expect(await transport.send([mail])).toEqual([
      { outcome: 'sent', providerId: mail.messageId, answer: '250 queued as 4711' },
    ]);
    const read = await readMail(mail.id, received[0]?.source ?? '');
    expect(read).toMatchObject({
      to: mail.to,
      from: 'consent@muster-werkzeuge.example',
      subject: mail.subject,
    });
    expect(read.text.trim()).toBe(mail.text.trim());
    expect(read.html.trim()).toBe(mail.html);
    expect(read.headers).toMatchObject({
      'auto-submitted': 'auto-generated',
      'message-id': mail.messageId,
      'list-unsubscribe': '<https://consent.example/u/x>',
      'reply-to': mail.replyTo,
    });
    expect(read.headers['content-type']).toContain('multipart/alternative');
  });

  it('keeps a few connections open instead of one a mail', async () => {
    const results = await transport.send(Array.from({ length: 40 }, () => anOutgoingMail()));
    expect(results.every((result) => result.outcome === 'sent')).toBe(true);
    expect(received).toHaveLength(40);
    expect(connections).toBeLessThanOrEqual(5);
  });

  it.each([
    ['tries again after a 4xx', 450, 'retry'],
    ['gives up after a 5xx', 550, 'refused'],
  ])('%s', async (_, responseCode, outcome) => {
    refusal = { responseCode, message: 'mailbox unavailable' };
    const [result] = await transport.send([anOutgoingMail()]);
    expect(result).toMatchObject({ outcome, reason: expect.stringContaining(`${responseCode}`) });
  });

  it('pauses when the server cannot be reached', async () => {
    const away = smtpTransport('smtp://127.0.0.1:1', { requireTls: false });
    expect(await away.send([anOutgoingMail()])).toMatchObject([{ outcome: 'pause' }]);
    await away.close();
  });

  it('pauses when the log-in fails, and does not try it for every mail', async () => {
    const wrong = smtpTransport(url().replace('smtp://', 'smtp://user:wrong@'), { requireTls: false });
    const results = await wrong.send(Array.from({ length: 40 }, () => anOutgoingMail()));
    expect(results.every(({ outcome }) => outcome === 'pause')).toBe(true);
    expect(connections).toBeLessThanOrEqual(5);
    await wrong.close();
  });

  it('sends to exactly one mailbox, whatever its local part looks like', async () => {
    // smtp-server takes no spaces in quotes, but it would take the two mailboxes that a parser could make of it.
    const odd = ['"bob@evil.example, carol"@example.org', 'anna+news@example.org', "o'neil@example.org"];
    const results = await transport.send(odd.map((to) => anOutgoingMail({ to })));
    expect(results.map((result) => result.outcome)).toEqual(['refused', 'sent', 'sent']);
    expect(received.map(({ to }) => to).sort()).toEqual(odd.slice(1).map((to) => [to]));
  });

  it('reaches a mailbox whose name and domain are not ASCII', async () => {
    const [both, domain] = ['jürgen@xn--mller-kva.example', 'anna@xn--mller-kva.example'];
    const results = await transport.send([anOutgoingMail({ to: both }), anOutgoingMail({ to: domain })]);
    expect(results).toMatchObject([{ outcome: 'sent' }, { outcome: 'sent' }]);
    expect(received.flatMap(({ to }) => to).sort()).toEqual(['anna@müller.example', 'jürgen@müller.example']);
    expect(received.some(({ source }) => source.includes(`To: ${domain}`))).toBe(true);
  });

  it('lets no line end out of a subject or an address become a header', async () => {
    const mail = anOutgoingMail({
      subject: 'Hello\r\nBcc: eve@example.org',
      replyTo: 'a@b.example\r\nX-Evil: 1',
    });
    await transport.send([mail]);
    const read = await readMail(mail.id, received[0]?.source ?? '');
    expect(received[0]?.to).toEqual([mail.to]);
    expect(Object.keys(read.headers)).not.toContain('bcc');
    expect(Object.keys(read.headers)).not.toContain('x-evil');
  });
});
