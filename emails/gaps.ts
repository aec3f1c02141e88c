import type { Locale } from '#db/schema.ts';
import type { Mail } from './layout.ts';

export type Secret = 'confirmUrl' | 'confirmCode' | 'manageUrl' | 'unsubscribeUrl' | 'staffUrl';

/** The placeholder of each secret, in the stored copy of a mail and until it is sent. */
export const gaps: Record<Locale, Record<Secret, string>> = {
  de: {
    confirmUrl: '[Link zum Bestätigen entfernt]',
    confirmCode: '[Code entfernt]',
    manageUrl: '[Link zu den Einwilligungen entfernt]',
    unsubscribeUrl: '[Link zum Abbestellen entfernt]',
    staffUrl: '[Link zum Passwort entfernt]',
  },
  en: {
    confirmUrl: '[link to confirm removed]',
    confirmCode: '[code removed]',
    manageUrl: '[link to the consents removed]',
    unsubscribeUrl: '[link to unsubscribe removed]',
    staffUrl: '[link to the password removed]',
  },
};

/** Fills in the secrets. They are URLs and digits, so neither part needs escaping. */
export function fillGaps(mail: Mail, locale: Locale, secrets: Partial<Record<Secret, string>>): Mail {
  const filled = (part: string) =>
    Object.entries(secrets).reduce(
      (text, [secret, value]) => text.replaceAll(gaps[locale][secret as Secret], () => value),
      part,
    );
  return { subject: mail.subject, text: filled(mail.text), html: filled(mail.html) };
}
