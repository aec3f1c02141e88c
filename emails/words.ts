import type { Channel, Locale, PermissionState } from '#db/schema.ts';
import { companyName, isFeminine } from '#src/i18n/company-name.ts';

export const byChannel: Record<Locale, Record<Channel, string>> = {
  de: { email: 'per E-Mail', sms: 'per SMS', phone: 'per Telefon', fax: 'per Fax', post: 'per Post' },
  en: { email: 'by e-mail', sms: 'by SMS', phone: 'by phone', fax: 'by fax', post: 'by post' },
};

export const answers: Record<Locale, Record<PermissionState, string>> = {
  de: {
    granted: 'Ja',
    refused: 'Nein',
    withdrawn: 'Nein',
    none: 'keine Angabe',
    pending: 'noch nicht bestätigt',
    expired: 'Nein, abgelaufen',
  },
  en: {
    granted: 'Yes',
    refused: 'No',
    withdrawn: 'No',
    none: 'not stated',
    pending: 'not confirmed yet',
    expired: 'No, expired',
  },
};

export function inQuotes(text: string, locale: Locale): string {
  return locale === 'de' ? `„${text}“` : `“${text}”`;
}

export function enumeration(parts: string[], locale: Locale): string {
  return new Intl.ListFormat(locale === 'de' ? 'de' : 'en-GB', { type: 'conjunction' }).format(parts);
}

/** "bei der Muster GmbH", but "bei Anna Muster e.K." */
export function companyAfter(preposition: 'bei' | 'gegenüber', name: string): string {
  return `${preposition} ${companyName(name, 'de')}`;
}

/** "… der Muster GmbH", "… von Anna Muster e.K." */
export function ofCompany(name: string): string {
  return `${isFeminine(name) ? 'der' : 'von'} ${name}`;
}
