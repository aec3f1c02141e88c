import type { Logger } from 'pino';
import { scrub } from '#src/mail/scrub.ts';

/**
 * Sends to the log what packages write to the console: Astro and its adapter print addresses of requests there, and an
 * address may be somebody's link. Node's own warnings go the same way.
 */
export function consoleToLog(log: Logger): void {
  for (const method of ['error', 'warn', 'info', 'log', 'debug', 'trace'] as const) {
    console[method] = (...words: unknown[]) =>
      log.warn({ reason: scrub(words.map(String).join(' ')) }, 'console.written');
  }
  process.removeAllListeners('warning');
  process.on('warning', ({ name, message }) =>
    log.warn({ reason: scrub(`${name}: ${message}`) }, 'node.warning'),
  );
}
