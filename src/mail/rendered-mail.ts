import type { Mail } from '#emails/layout.ts';
import type { App } from '#src/app/app.ts';
import type { AddressedMail } from './addressed-mail.ts';

/** A mail as stored: with gaps for its secrets, and with everything needed to send the identical mail again. */
export interface RenderedMail extends Mail {
  replyTo: string;
  /** The Date header, and the time from which its manage link is fresh. */
  renderedAt: string;
  linkGeneration: number;
  /** Missing in older copies. */
  from?: string;
  to?: string;
}

/** Renders mails of one kind, in their order. */
export type Renderer = (
  app: App,
  mails: AddressedMail[],
  at: Date,
) => Promise<Pick<RenderedMail, 'subject' | 'text' | 'html' | 'replyTo'>[]>;

/** The host of the site, as shown in the address bar. */
export function siteOf(app: App): string {
  return new URL(app.config.baseUrl).host;
}
