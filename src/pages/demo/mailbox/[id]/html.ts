import type { APIRoute } from 'astro';
import { Problem } from '#src/http/problem.ts';
import { requireDemo } from '#src/http/require-demo.ts';
import { readMail } from '#src/mail/demo-mailbox.ts';
import { mailHtml } from '../../_mail-html.ts';

export const GET: APIRoute = async ({ locals, params }) => {
  requireDemo(locals.app);
  const mail = await readMail(locals.app.config.mail.dir, params.id ?? '');
  if (!mail) throw new Problem(404);
  return mailHtml(mail.html);
};
