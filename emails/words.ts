import type { Channel, Locale, PermissionState } from '#db/schema.ts';

export const byChannel: Record<Locale, Record<Channel, string>> = {
  de: { email: 'per E-Mail', sms: 'per SMS', phone: 'per Telefon', fax: 'per Fax', post: 'per Post' },
  en: { email: 'by e-mail', sms: 'by SMS', phone: 'by phone', fax: 'by fax', post: 'by post' },
};

/** The three answers, and what is not an answer yet. */
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

/** "bei der Muster GmbH", but "bei Anna Muster e.K.": company forms that are feminine take the article. */
export function companyAfter(preposition: 'bei' | 'gegenüber', name: string): string {
  return `${preposition} ${isFeminine(name) ? 'der ' : ''}${name}`;
}

/** "… der Muster GmbH", "… von Anna Muster e.K." */
export function ofCompany(name: string): string {
  return `${isFeminine(name) ? 'der' : 'von'} ${name}`;
}

function isFeminine(name: string): boolean {
  return /\b(?:g?GmbH|UG|AG|SE|KGaA|KG|OHG|GbR|PartG|eG|Genossenschaft|Gesellschaft|Stiftung)\b/.test(name);
}
