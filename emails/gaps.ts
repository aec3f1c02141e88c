import type { Locale } from '#db/schema/vocabulary.ts';
import { namesBelow, translator } from '#src/i18n/translate.ts';
import type { Mail } from './layout.ts';

export const secretNames = namesBelow('mail.gap');

export type Secret = (typeof secretNames)[number];

/** The placeholder of a secret, in the stored copy of a mail and until it is sent. */
export function gapFor(secret: Secret, locale: Locale): string {
  return translator(locale)(`mail.gap.${secret}`);
}

/** Fills in the secrets. They are URLs and digits, so neither part needs escaping. */
export function fillGaps(mail: Mail, locale: Locale, secrets: Partial<Record<Secret, string>>): Mail {
  const filled = (part: string) =>
    secretNames.reduce((text, secret) => {
      const value = secrets[secret];
      return value === undefined ? text : text.replaceAll(gapFor(secret, locale), () => value);
    }, part);
  return { subject: mail.subject, text: filled(mail.text), html: filled(mail.html) };
}
