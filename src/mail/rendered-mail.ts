import type { Mail } from '#emails/layout.ts';
import type { App } from '#src/app/app.ts';
import type { AddressedMail } from './addressed-mail.ts';

/** A mail as it is kept: with gaps for its secrets, and with what is needed to send the very same mail again. */
export interface RenderedMail extends Mail {
  replyTo: string;
  /** Its Date, and the moment from which its manage link is fresh. */
  renderedAt: string;
  linkGeneration: number;
}

/** Renders mails of one kind, in their order. */
export type Renderer = (
  app: App,
  mails: AddressedMail[],
  at: Date,
) => Promise<Pick<RenderedMail, 'subject' | 'text' | 'html' | 'replyTo'>[]>;

/** The site, as people see it in their address bar. */
export function siteOf(app: App): string {
  return new URL(app.config.baseUrl).host;
}
