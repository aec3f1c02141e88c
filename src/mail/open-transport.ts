import type { MailConfig } from '#src/config.ts';
import { fileTransport } from './file-transport.ts';
import { resendTransport } from './resend-transport.ts';
import { smtpTransport } from './smtp-transport.ts';
import type { Transport } from './transport.ts';

/** The transport that the environment asks for; `config.ts` has seen to it that what it needs is there. */
export function openTransport({
  transport,
  dir,
  smtpUrl,
  resendApiKey,
  resendBaseUrl,
}: MailConfig): Transport {
  switch (transport) {
    case 'file':
      return fileTransport(dir);
    case 'smtp':
      return smtpTransport(smtpUrl ?? '');
    case 'resend':
      return resendTransport({ apiKey: resendApiKey ?? '', baseUrl: resendBaseUrl });
  }
}
