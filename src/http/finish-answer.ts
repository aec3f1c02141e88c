import { isDesk } from '#src/routes.ts';
import { setSecurityHeaders } from './security-headers.ts';

/** Sets the headers that all pages and actions share. */
export function finishAnswer(headers: Headers, locals: App.Locals, pathname: string): void {
  const { app, framedBy = [], showsFrames = false, runsScripts = false } = locals;
  setSecurityHeaders(headers, {
    framedBy,
    showsFrames,
    runsScripts: runsScripts || isDesk(pathname),
    behindLink: behindLink.test(pathname) || isDesk(pathname),
    secure: app.config.baseUrl.startsWith('https:'),
  });
  if (headers.get('Content-Type') === 'text/html') headers.set('Content-Type', 'text/html; charset=utf-8');
  if (!headers.has('Vary')) headers.set('Vary', 'Accept-Language');
}

const behindLink = /^\/(?:confirm|p|u)\/|^\/f\/[^/]+\/sent|^\/preferences\/sent|^\/demo\/mailbox/;
