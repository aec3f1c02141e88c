import type { APIContext } from 'astro';
import { findEndedTexts } from '#src/forms/find-ended-texts.ts';
import { findForm } from '#src/forms/find-form.ts';
import { formLocale } from '#src/forms/form-definition.ts';
import { type PaperForm, paperForm } from '#src/forms/paper-form.ts';
import { Problem } from '#src/http/problem.ts';
import { isLocale } from '#src/i18n/locales.ts';

/** The paper form in the language that the address names. */
export async function paperOf({ locals, params, url }: APIContext): Promise<PaperForm> {
  const { app } = locals;
  const form = await findForm(app.db, params.key ?? '');
  if (!form) throw new Problem(404);
  const wished = url.searchParams.get('paper');
  const locale = formLocale(form, isLocale(wished) ? wished : undefined);
  const ended = await findEndedTexts(app.db, form.version);
  const { definition } = form.version;
  const consents = definition.consents.filter((consent) => !ended.includes(consent));
  if (consents.length === 0) throw new Problem(410);
  return paperForm({ ...form.version, definition: { ...definition, consents } }, locale, app.config.baseUrl);
}
