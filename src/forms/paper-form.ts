import type { Channel, Locale } from '#db/schema/vocabulary.ts';
import { inLocale } from '#src/i18n/locales.ts';
import { translator } from '#src/i18n/translate.ts';
import { paths } from '#src/routes.ts';
import { type FieldName, type FormVersion, fieldsOfChannel } from './form-definition.ts';

/** A form version for printing: the same texts with empty boxes, and lines to write on. */
export interface PaperForm {
  locale: Locale;
  heading: string;
  instruction: string;
  controller: string;
  groups: PaperGroup[];
  /** Lines to fill in; two short ones share a row. */
  lines: { label: string; short: boolean }[];
  notice: string;
  /** Names the form version, for the capture. */
  version: string;
  /** Target of the QR code: the capture page for exactly these texts. */
  captureUrl: string;
}

export interface PaperGroup {
  title: string;
  promise: string;
  thirdParties: string[];
  boxes: { channel: string; wording: string; ref: string }[];
}

export function paperForm(version: FormVersion, locale: Locale, baseUrl: string): PaperForm {
  const t = translator(locale);
  const { controller, consents, words, form, fields } = version.definition;
  const purposes = [...new Set(consents.map(({ purpose }) => purpose))];
  const groups = purposes.flatMap((purpose): PaperGroup[] => {
    const own = consents.filter((consent) => consent.purpose === purpose);
    const [first] = own;
    if (!first) return [];
    return [
      {
        title: inLocale(first.titles, locale),
        promise: inLocale(first.promises, locale),
        thirdParties: first.third_parties.map((one) => `${one.name}, ${one.place} (${one.line_of_business})`),
        boxes: own.map(({ channel, texts }) => ({
          channel: t(`channel.${channel}`),
          wording: inLocale(texts, locale).wording,
          ref: inLocale(texts, locale).ref,
        })),
      },
    ];
  });
  const channels = new Set(consents.map(({ channel }) => channel));
  const asked = new Set(fields.map(({ name }) => name));
  return {
    locale,
    heading: inLocale(words, locale).heading,
    instruction: t('running.paper.instruction'),
    controller: `${controller.legal_name}, ${controller.address}`,
    groups,
    lines: linesFor(channels, asked).map(({ name, short }) => ({
      label: t(`field.${name}`),
      short,
    })),
    notice: `${inLocale(words, locale).notice} ${controller.privacy_url}`,
    version: t('running.paper.version', {
      form,
      number: version.number,
      hash: version.sha256.slice(0, 16),
    }),
    captureUrl: baseUrl + paths.staffCapture('paper', { form_version: version.id, paper: locale }),
  };
}

/** Always asks for a name, which a signature needs. */
function linesFor(channels: Set<Channel>, asked: Set<FieldName>): { name: FieldName; short: boolean }[] {
  const needed = new Set<FieldName>(['given_name', 'family_name']);
  for (const channel of channels) for (const field of fieldsOfChannel[channel]) needed.add(field);
  if (asked.has('company')) needed.add('company');
  return order.filter(({ name }) => needed.has(name));
}

const order: { name: FieldName; short: boolean }[] = [
  { name: 'given_name', short: true },
  { name: 'family_name', short: true },
  { name: 'company', short: false },
  { name: 'email', short: true },
  { name: 'phone', short: true },
  { name: 'fax', short: true },
  { name: 'street', short: false },
  { name: 'postal_code', short: true },
  { name: 'city', short: true },
];
