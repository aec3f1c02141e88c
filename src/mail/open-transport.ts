import type { MailConfig } from '#src/app/config.ts';
import type { Transport } from './transport.ts';

/** The configured transport. Loads only the packages it needs; `config.ts` has checked the settings. */
export async function openTransport({
  transport,
  dir,
  smtpUrl,
  smtpRequireTls,
  resendApiKey,
  resendBaseUrl,
}: MailConfig): Promise<Transport> {
  switch (transport) {
    case 'file':
      return (await import('./file-transport.ts')).fileTransport(dir);
    case 'smtp':
      return (await import('./smtp-transport.ts')).smtpTransport(smtpUrl ?? '', {
        requireTls: smtpRequireTls,
      });
    case 'resend': {
      const { resendTransport } = await import('./resend-transport.ts');
      return resendTransport({ apiKey: resendApiKey ?? '', baseUrl: resendBaseUrl });
    }
  }
}
