import type { Locale } from '#db/schema/vocabulary.ts';
import { translator } from '#src/i18n/translate.ts';
import type { ReceiptEvent } from './receipt-facts.ts';

/** How something was given, withdrawn or recorded, as people read it. */
export function howText({ origin, by, method }: ReceiptEvent, locale: Locale): string {
  const t = translator(locale);
  const known = methods.find((one) => one === method);
  if (known) return t(`receipt.method.${known}`);
  return `${t(`origin.${origin}`)}, ${t(`receipt.by.${by}`)}`;
}

const methods = [
  'paper',
  'postcard',
  'fax',
  'in_person',
  'phone_recorded',
  'phone_oral',
  'dtmf',
  'import',
] as const;
