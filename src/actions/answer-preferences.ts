import type { Channel, Locale } from '#db/schema.ts';
import { type FormFields, first } from '#src/forms/fields.ts';
import { clientOf } from '#src/http/client.ts';
import { isLocale, wishedLocale } from '#src/http/locale.ts';
import { Problem } from '#src/http/problem.ts';
import { readForm } from '#src/http/read-form.ts';
import { seeOther } from '#src/http/see-other.ts';
import { changePreferences, type WantedChange } from '#src/permissions/change-preferences.ts';
import { describePreferences } from '#src/permissions/describe-preferences.ts';
import { liftMailBlock } from '#src/permissions/lift-mail-block.ts';
import { sendFreshLink } from '#src/permissions/request-manage-link.ts';
import { revokeOwnLinks } from '#src/permissions/revoke-links.ts';
import { paths } from '#src/routes.ts';
import type { ActContext } from './action-context.ts';

/** The page once more, with what was chosen. */
export interface PreferencesAnswer {
  status: 200 | 422;
  locale: Locale | undefined;
  chosen: Record<string, string>;
  faultyFields: string[];
}

export async function answerPreferences(
  context: ActContext,
  link: string,
): Promise<Response | PreferencesAnswer> {
  const { app } = context.locals;
  const fields = await readForm(context.request);
  const locale = await localeOf(context, link);
  const action = first(fields, 'action');
  if (action === 'fresh-link') {
    const { outcome } = await sendFreshLink(app, link, locale);
    if (outcome === 'unknown_link') throw new Problem(404);
    if (outcome === 'revoked') return backTo(context, link);
    return backTo(context, link, outcome === 'limited' ? 'limited' : 'sent', '1');
  }
  if (action === 'lift-block') {
    const { outcome } = await liftMailBlock(app, link);
    if (outcome === 'unknown_link') throw new Problem(404);
    return outcome === 'lifted' ? backTo(context, link, 'lifted', '1') : backTo(context, link);
  }
  if (action === 'revoke-links') {
    const result = await revokeOwnLinks(app, link);
    if (result.outcome === 'unknown_link') throw new Problem(404);
    return result.outcome === 'done' ? backTo(context, result.link, 'revoked', '1') : backTo(context, link);
  }
  if (action !== undefined && action !== 'withdraw-all') throw new Problem(422);
  const read = readChoices(fields);
  const showIn = first(fields, 'show_in');
  if (isLocale(showIn)) return { ...read, status: 200, locale: showIn, faultyFields: [] };
  const faulty = { status: 422, locale, chosen: read.chosen } as const;
  if (!action && read.faultyFields.length > 0) return { ...faulty, faultyFields: read.faultyFields };

  const wanted = action ? 'all_no' : read.changes;
  const result = await changePreferences(app, link, wanted, clientOf(context), locale);
  if (result.outcome === 'invalid') return { ...faulty, faultyFields: result.fields };
  if (result.outcome !== 'changed') {
    if (result.outcome === 'unknown_link') throw new Problem(404);
    return backTo(context, link);
  }
  const changes = [...result.withdrawn, ...result.refused, ...result.pending];
  // Its page says why nothing came of the yes.
  if (result.blocked && changes.length === 0) return backTo(context, link, 'blocked', '1');
  const touched = changes.map((change) => `${change.purpose}:${change.channel}`);
  return backTo(context, link, 'done', touched.join(','));
}

/** Mails about the change are written in the language of the page. */
async function localeOf(context: ActContext, link: string): Promise<Locale> {
  const wished = wishedLocale(context.request);
  if (wished) return wished;
  const found = await describePreferences(context.locals.app, link);
  return found.outcome === 'found' ? found.locale : 'de';
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

function backTo(context: ActContext, link: string, name?: string, value = ''): Response {
  const query = new URLSearchParams();
  const lang = context.url.searchParams.get('lang');
  if (isLocale(lang)) query.set('lang', lang);
  if (name) query.set(name, value);
  const path = paths.preferences(link);
  return seeOther(query.size > 0 ? `${path}?${query}` : path);
}
