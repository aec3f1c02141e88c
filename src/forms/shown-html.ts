/**
 * Renders a form as HTML. A version freezes exactly this string and the page prints it unchanged, so that the evidence
 * is what was on screen.
 */

import type { Locale } from '#db/schema/vocabulary.ts';
import { escapeHtml } from '#src/i18n/html.ts';
import { inLocale } from '#src/i18n/locales.ts';
import { type Translate, translator } from '#src/i18n/translate.ts';
import { type FilledForm, fieldsAmong } from './field-html.ts';
import { aboutYou, numbers, postal } from './field-looks.ts';
import type { FormConsent, FormDefinition } from './form-definition.ts';
import { errorHtml, lines, tag } from './markup.ts';

/** The form in three parts. A page inserts hidden fields and the like between them. */
export interface ShownForm {
  opening: string;
  entries: string;
  closing: string;
}

const fresh: FilledForm = { values: {}, chosen: [], errors: [] };

export function shownForm(
  definition: Pick<FormDefinition, 'words' | 'fields' | 'consents' | 'controller'>,
  locale: Locale,
  again: FilledForm = fresh,
  { embedded = false, kiosk = false }: { embedded?: boolean; kiosk?: boolean } = {},
): ShownForm {
  const t = translator(locale);
  const { words, controller } = definition;
  const { heading, intro, notice } = inLocale(words, locale);
  const privacy = t('form.privacy', { version: controller.privacy_version });
  // From a frame or a stand the privacy notice opens beside the form.
  const target = embedded || kiosk ? ' target="_blank"' : '';
  const asked = { ...again, kiosk };
  return {
    opening: lines(`<h1>${escapeHtml(heading)}</h1>`, intro && `<p class="lead">${escapeHtml(intro)}</p>`),
    entries: lines(
      ...fieldsAmong(definition, ['email'], t, asked),
      consentsHtml(definition.consents, locale, again),
      group(t('form.you'), youHint(t, definition), fieldsAmong(definition, aboutYou, t, asked)),
      ...fieldsAmong(definition, numbers, t, asked, { optional: true }),
      group(t('form.post'), postHint(t, definition), fieldsAmong(definition, postal, t, asked)),
    ),
    closing: lines(
      `<p class="legal">${escapeHtml(notice)}</p>`,
      `<p class="legal"><a href="${escapeHtml(controller.privacy_url)}"${target}>${escapeHtml(privacy)}</a></p>`,
      '<div class="actions">',
      `<button type="submit" id="submit" class="primary">${escapeHtml(t('form.submit'))}</button>`,
      `<p class="hint">${escapeHtml(t('form.submit.hint'))}</p>`,
      '</div>',
    ),
  };
}

/** The whole form as one string, as it is frozen and hashed. */
export function shownHtml(definition: Parameters<typeof shownForm>[0], locale: Locale): string {
  const { opening, entries, closing } = shownForm(definition, locale);
  return lines(opening, entries, closing);
}

/** One fieldset per purpose, one box per channel, the approved text as label. Only the person can tick a box. */
export function consentsHtml(
  consents: FormConsent[],
  locale: Locale,
  again: Pick<FilledForm, 'chosen' | 'errors'> = fresh,
): string {
  const t = translator(locale);
  const error = again.errors.find(({ field }) => field === 'consent')?.message;
  const groups = Map.groupBy(consents, ({ purpose }) => purpose);
  return lines(
    `<section class="purposes${error ? ' faulty' : ''}" aria-labelledby="purposes-title">`,
    `<h2 id="purposes-title">${escapeHtml(t('form.purposes'))}</h2>`,
    `<p class="hint">${escapeHtml(t('form.purposes.hint'))}</p>`,
    error && errorHtml(t, 'consent-error', error),
    ...[...groups.values()].map((group) => purposeHtml(t, group, consents, again.chosen, Boolean(error))),
    '</section>',
  );
}

/** The recipients of the data, by name. */
export function thirdPartiesHtml(parties: FormConsent['third_parties'], locale: Locale, id?: string): string {
  if (parties.length === 0) return '';
  const t = translator(locale);
  return lines(
    `<div class="third-parties"${id ? ` id="${escapeHtml(id)}"` : ''}>`,
    `<p>${escapeHtml(t('form.third_parties', { count: parties.length }))}</p>`,
    '<ul>',
    ...parties.map((party) => `<li>${escapeHtml(t('form.third_party', { ...party }))}</li>`),
    '</ul>',
    '</div>',
  );
}

function purposeHtml(
  t: Translate,
  group: FormConsent[],
  all: FormConsent[],
  chosen: string[],
  faulty: boolean,
): string {
  const [first] = group;
  if (!first) return '';
  const { purpose, titles, promises, third_parties } = first;
  const described = [
    `${purpose}-promise`,
    third_parties.length > 0 && `${purpose}-parties`,
    faulty && 'consent-error',
  ];
  const describedBy = described.filter(Boolean).join(' ');
  return lines(
    '<fieldset class="purpose">',
    `<legend>${escapeHtml(inLocale(titles, t.locale))}</legend>`,
    `<p class="promise" id="${escapeHtml(purpose)}-promise">${escapeHtml(inLocale(promises, t.locale))}</p>`,
    thirdPartiesHtml(third_parties, t.locale, `${purpose}-parties`),
    ...group.map((consent) => boxHtml(t.locale, consent, all.indexOf(consent), describedBy, chosen, faulty)),
    '</fieldset>',
  );
}

function boxHtml(
  locale: Locale,
  { value, texts }: FormConsent,
  index: number,
  describedBy: string,
  chosen: string[],
  faulty: boolean,
): string {
  const id = `consent-${index}`;
  const input = tag('input', {
    type: 'checkbox',
    id,
    name: 'consent',
    value,
    checked: chosen.includes(value),
    'aria-invalid': faulty ? 'true' : undefined,
    'aria-describedby': describedBy,
  });
  // One string in one element with nothing around it, because this is what was hashed.
  const words = `<span data-consent-text>${escapeHtml(inLocale(texts, locale).wording)}</span>`;
  return lines('<div class="box">', input, `<label for="${id}">${words}</label>`, '</div>');
}

function youHint(t: Translate, { fields }: Pick<FormDefinition, 'fields'>): string {
  const needed = fields.some(({ name, required }) => required && aboutYou.includes(name));
  return t(needed ? 'form.you.hint.some' : 'form.you.hint');
}

/** Calls need an address as proof of who allowed them; letters need it for delivery. */
function postHint(t: Translate, { consents }: Pick<FormDefinition, 'consents'>): string {
  const letters = consents.some(({ channel }) => channel === 'post');
  const calls = consents.some(({ channel }) => channel === 'phone');
  return t(calls && !letters ? 'form.post.hint.phone' : 'form.post.hint');
}

function group(legend: string, hint: string, fields: string[]): string {
  if (fields.length === 0) return '';
  return lines(
    '<fieldset class="group">',
    `<legend>${escapeHtml(legend)}</legend>`,
    `<p class="hint">${escapeHtml(hint)}</p>`,
    '<div class="pairs">',
    ...fields,
    '</div>',
    '</fieldset>',
  );
}
