import { z } from 'zod';
import type { Channel, Locale } from '#db/schema/vocabulary.ts';
import type { FormFields } from '#src/forms/fields.ts';
import { againWith, type Fault, faultAt, redirect, show } from '#src/http/action-result.ts';
import { clientOf } from '#src/http/client.ts';
import { checkFields, oneOf, text } from '#src/http/form-schema.ts';
import { wishedLocale } from '#src/http/locale.ts';
import { Problem } from '#src/http/problem.ts';
import { readForm } from '#src/http/read-form.ts';
import { defaultLocale, isLocale } from '#src/i18n/locales.ts';
import { translator } from '#src/i18n/translate.ts';
import { cutLink } from '#src/links/cut-link.ts';
import { changePreferences, type WantedChange } from '#src/permissions/change-preferences.ts';
import { describePreferences } from '#src/permissions/describe-preferences.ts';
import { liftMailBlock } from '#src/permissions/lift-mail-block.ts';
import { sendFreshLink } from '#src/permissions/request-manage-link.ts';
import { revokeOwnLinks } from '#src/permissions/revoke-links.ts';
import { paths } from '#src/routes.ts';
import type { Action, ActionContext } from './action.ts';

/** The page once more, with what was chosen. */
interface PreferencesAgain {
  locale: Locale;
  chosen: Record<string, string>;
}

/** The buttons that change no choice. */
const otherButtons = { 'fresh-link': sendLink, 'lift-block': liftBlock, 'revoke-links': revokeLinks };

/** The choices are named like the purposes and channels that the person has: `readChoices` reads them. */
const input = z.object({
  action: oneOf(['', 'withdraw-all', 'fresh-link', 'lift-block', 'revoke-links']),
  show_in: text,
});

export const choosePreferences: Action<PreferencesAgain> = {
  async run(context) {
    const { app } = context.locals;
    const link = cutLink(context.params.link ?? '');
    const fields = await readForm(context.request);
    const locale = await localeOf(context, link);
    const { action: button, show_in: showIn } = checkFields(fields, input);
    if (button !== '' && button !== 'withdraw-all') return otherButtons[button](context, link, locale);
    const { changes, faultyFields, chosen } = readChoices(fields);
    if (isLocale(showIn)) return show({ locale: showIn, chosen });
    const isSave = button === '';
    if (isSave && faultyFields.length > 0)
      return againWith(faultsAt(faultyFields, locale), { locale, chosen });

    const result = await changePreferences(app, link, isSave ? changes : 'all_no', clientOf(context), locale);
    if (result.outcome === 'invalid') return againWith(faultsAt(result.fields, locale), { locale, chosen });
    if (result.outcome === 'unknown_link') throw new Problem(404);
    if (result.outcome !== 'changed') return backTo(context, link);
    const touched = [...result.withdrawn, ...result.refused, ...result.pending];
    // Its page says why nothing came of the yes.
    if (result.blocked && touched.length === 0) return backTo(context, link, 'blocked', '1');
    return backTo(
      context,
      link,
      'done',
      touched.map(({ purpose, channel }) => `${purpose}:${channel}`).join(','),
    );
  },
};

async function sendLink(context: ActionContext, link: string, locale: Locale): Promise<Response> {
  const { outcome } = await sendFreshLink(context.locals.app, link, locale);
  if (outcome === 'unknown_link') throw new Problem(404);
  if (outcome === 'revoked') return backTo(context, link);
  return backTo(context, link, outcome === 'limited' ? 'limited' : 'sent', '1');
}

async function liftBlock(context: ActionContext, link: string): Promise<Response> {
  const { outcome } = await liftMailBlock(context.locals.app, link);
  if (outcome === 'unknown_link') throw new Problem(404);
  return outcome === 'lifted' ? backTo(context, link, 'lifted', '1') : backTo(context, link);
}

async function revokeLinks(context: ActionContext, link: string): Promise<Response> {
  const result = await revokeOwnLinks(context.locals.app, link);
  if (result.outcome === 'unknown_link') throw new Problem(404);
  return result.outcome === 'done' ? backTo(context, result.link, 'revoked', '1') : backTo(context, link);
}

function faultsAt(fields: string[], locale: Locale): Fault[] {
  const message = translator(locale)('error.choice');
  return fields.map((field) => faultAt(field, message));
}

/** Mails about the change are written in the language of the page. */
async function localeOf(context: ActionContext, link: string): Promise<Locale> {
  const wished = wishedLocale(context.request);
  if (wished) return wished;
  const found = await describePreferences(context.locals.app, link);
  return found.outcome === 'found' ? found.locale : defaultLocale;
}

const choiceName = /^p:([\w-]{1,100}):(email|sms|phone|fax|post)$/;

/** Every `p:{purpose}:{channel}`; what is absent changes nothing. */
function readChoices(fields: FormFields) {
  const changes: WantedChange[] = [];
  const faultyFields: string[] = [];
  const chosen: Record<string, string> = {};
  for (const [name, values] of Object.entries(fields)) {
    if (!name.startsWith('p:')) continue;
    const [, purpose, channel] = choiceName.exec(name) ?? [];
    const [answer] = values;
    chosen[name] = answer ?? '';
    if (purpose && values.length === 1 && (answer === 'yes' || answer === 'no')) {
      changes.push({ purpose, channel: channel as Channel, answer });
    } else {
      faultyFields.push(name);
    }
  }
  return { changes, faultyFields, chosen };
}

function backTo(context: ActionContext, link: string, name?: string, value = ''): Response {
  const lang = context.url.searchParams.get('lang');
  return redirect(paths.preferences(link), {
    ...(isLocale(lang) && { lang }),
    ...(name && { [name]: value }),
  });
}
