import type { APIRoute } from 'astro';
import { requireText } from '#src/desk/require-text.ts';
import { Problem } from '#src/http/problem.ts';
import { mailHtml } from '../../../../../demo/_mail-html.ts';
import { previewMail } from '../../../_preview.ts';

export const GET: APIRoute = async (context) => {
  const text = await requireText(context.locals.app.db, context.params);
  const id = context.url.searchParams.get('version');
  const version = text.versions.find((one) => one.id === id);
  if (!version) throw new Problem(404);
  const mail = await previewMail(context.locals.app, text, version);
  return mailHtml(mail.html);
};
