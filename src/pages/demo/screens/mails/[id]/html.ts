import type { APIRoute } from 'astro';
import { sampleMails } from '#emails/samples.ts';
import { Problem } from '#src/http/problem.ts';
import { requireDemo } from '#src/http/require-demo.ts';
import { mailHtml } from '../../../_mail-html.ts';

export const GET: APIRoute = ({ locals, params }) => {
  requireDemo(locals.app);
  const sample = sampleMails().find(({ id }) => id === params.id);
  if (!sample) throw new Problem(404);
  return mailHtml(sample.mail.html);
};
