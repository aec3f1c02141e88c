/** That neither a password nor a mail goes to a mail server in the clear. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { readConfig } from '#src/app/config.ts';
import { openTransport } from '#src/mail/open-transport.ts';
import type { SendResult } from '#src/mail/transport.ts';
import { anOutgoingMail } from './an-outgoing-mail.ts';

describe('a mail server', () => {
  let folder: string;
  let certificate: { key: Buffer; cert: Buffer };
  let server: SMTPServer;
  let logins: { user: string | undefined; secure: boolean }[];
  let mails: { secure: boolean }[];

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'jawort-smtp-tls-'));
    certificate = selfSigned(folder);
  });
  afterAll(() => rmSync(folder, { recursive: true }));
  afterEach(() => new Promise<void>((resolve) => server.close(resolve)));

  it('without STARTTLS gets neither the password nor a mail', async () => {
    await listen({ hideSTARTTLS: true, disabledCommands: ['STARTTLS'] });
    const result = await send('smtp', { SMTP_REQUIRE_TLS: 'on' });
    expect(result).toMatchObject({ outcome: 'pause', reason: expect.stringContaining('SMTP_REQUIRE_TLS') });
    expect([logins, mails]).toEqual([[], []]);
  });

  it('that does not offer STARTTLS is asked for it all the same', async () => {
    await listen({ hideSTARTTLS: true });
    expect(await send('smtp', { SMTP_REQUIRE_TLS: 'on' }, trusting)).toMatchObject({ outcome: 'sent' });
    expect([logins, mails]).toEqual([[{ user: 'jawort', secure: true }], [{ secure: true }]]);
  });

  it('with STARTTLS gets both after it', async () => {
    await listen({});
    expect(await send('smtp', { SMTP_REQUIRE_TLS: 'on' }, trusting)).toMatchObject({ outcome: 'sent' });
    expect([logins, mails]).toEqual([[{ user: 'jawort', secure: true }], [{ secure: true }]]);
  });

  it('with a certificate that nobody vouches for gets neither', async () => {
    await listen({});
    const result = await send('smtp', { SMTP_REQUIRE_TLS: 'on' });
    expect(result).toMatchObject({ outcome: 'pause', reason: expect.stringContaining('no TLS') });
    expect([logins, mails]).toEqual([[], []]);
  });

  it('behind smtps:// gets both, whatever SMTP_REQUIRE_TLS says', async () => {
    for (const SMTP_REQUIRE_TLS of ['on', 'off']) {
      await listen({ secure: true });
      expect(await send('smtps', { SMTP_REQUIRE_TLS }, trusting)).toMatchObject({ outcome: 'sent' });
      expect([logins, mails]).toEqual([[{ user: 'jawort', secure: true }], [{ secure: true }]]);
      await new Promise<void>((resolve) => server.close(resolve));
    }
    await listen({ secure: true });
  });

  it('on this machine gets both in the clear, as does any other when TLS is switched off by name', async () => {
    for (const environment of [{}, { SMTP_REQUIRE_TLS: 'off' }]) {
      await listen({ hideSTARTTLS: true, disabledCommands: ['STARTTLS'] });
      expect(await send('smtp', environment)).toMatchObject({ outcome: 'sent' });
      expect([logins, mails]).toEqual([[{ user: 'jawort', secure: false }], [{ secure: false }]]);
      await new Promise<void>((resolve) => server.close(resolve));
    }
    await listen({});
  });

  const trusting = '?tls.rejectUnauthorized=false';

  async function listen(options: SMTPServerOptions): Promise<void> {
    [logins, mails] = [[], []];
    server = new SMTPServer({
      allowInsecureAuth: true,
      ...certificate,
      ...options,
      onAuth: ({ username }, session, done) => {
        logins.push({ user: username, secure: session.secure });
        done(null, { user: username ?? '' });
      },
      onData: (stream, session, done) => {
        stream.resume();
        stream.on('end', () => {
          mails.push({ secure: session.secure });
          done();
        });
      },
    });
    server.on('error', () => undefined);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  }

  async function send(
    scheme: string,
    environment: Record<string, string | undefined>,
    query = '',
  ): Promise<SendResult | undefined> {
    const { port } = server.server.address() as AddressInfo;
    const SMTP_URL = `${scheme}://jawort:hunter2@127.0.0.1:${port}${query}`;
    const read = readConfig({ MAIL_TRANSPORT: 'smtp', SMTP_URL, ...environment });
    if (!read.ok) throw new Error(read.mistakes.join('\n'));
    const transport = await openTransport(read.config.mail);
    const [result] = await transport.send([anOutgoingMail()]);
    await transport.close();
    return result;
  }
});

function selfSigned(folder: string): { key: Buffer; cert: Buffer } {
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  const subject = ['-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1'];
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  const args = ['req', '-x509', ...curve, '-keyout', key, '-out', cert, '-days', '2', ...subject];
  execFileSync('openssl', args, { stdio: 'ignore' });
  return { key: readFileSync(key), cert: readFileSync(cert) };
}
