import type { MailConfig } from '#src/config.ts';
import { fileTransport } from './file-transport.ts';
import type { Transport } from './transport.ts';

export function openTransport(config: MailConfig): Transport {
  return fileTransport(config.dir);
}
