/**
 * Finds the columns of another system's file that look like a status, an end or a no. A file with such a column is not
 * imported until a person says what it means, so that no withdrawal is overlooked.
 */

/** Judges the name of a column, in any spelling. */
export function readsLikeState(name: string): boolean {
  const words = wordsOf(name);
  const bare = words.join('');
  if (words.some((word) => beside.has(word)) || harmless.has(bare)) return false;
  if (ends.some((stem) => bare.includes(stem)) || words.some((word) => endWords.has(word))) return true;
  if (bare.includes('status') || words.includes('zustand')) return true;
  if (words.some((word) => momentWords.has(word))) return false;
  const asks = consents.some((stem) => bare.includes(stem)) || words.some((word) => consentWords.has(word));
  return asks || (words.includes('state') && words.length > 1);
}

/** True for a value that is a word for a status. */
export function isStateWord(value: string): boolean {
  return stateWords.has(wordsOf(value).join(' '));
}

function wordsOf(text: string): string[] {
  return text
    .replace(/(\p{Ll})(\p{Lu})/gu, '$1 $2')
    .toLowerCase()
    .replaceAll('ä', 'ae')
    .replaceAll('ö', 'oe')
    .replaceAll('ü', 'ue')
    .replaceAll('ß', 'ss')
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '');
}

/** Words of columns that are beside a state but are none: the campaign, a link, free text. */
const beside = new Set(
  'campaign campaigns kampagne title titel id ids uuid ip url link token other'.split(' '),
);

/** HubSpot’s billing switch; the status of a person or an order. */
const harmless = new Set(['marketingcontactstatus', 'maritalstatus', 'familienstatus', 'orderstatus']);

const ends = [
  ...['unsub', 'optout', 'optedout', 'withdraw', 'revok', 'suppress', 'bounce', 'blocklist', 'blacklist'],
  ...['complain', 'donotmail', 'donotemail', 'donotcontact', 'donotcall', 'donottext', 'noemail', 'nomail'],
  ...[
    'cancel',
    'expire',
    'expiry',
    'expiration',
    'inactiv',
    'disabled',
    'deactivat',
    'undeliver',
    'opposition',
  ],
  ...[
    'abmeld',
    'abgemeldet',
    'austrag',
    'ausgetragen',
    'widerruf',
    'widerspr',
    'sperr',
    'beschwerde',
    'robinson',
  ],
  ...['keinewerbung', 'keinemail', 'kuendig', 'gekuendigt', 'ablauf', 'abgelaufen', 'gueltigbis', 'inaktiv'],
  ...['deaktiv', 'unzustellbar', 'abgelehnt', 'ablehnung', 'loesch', 'validuntil', 'validto', 'effectiveto'],
  ...['enddate', 'enddatum', 'endedat', 'desabon', 'desinscri', 'disiscri', 'uitgeschreven', 'afgemeld'],
];
const endWords = new Set(
  (
    'clean cleaned deleted delete removed blocked block spam dnc declined rejected refused objected objection ' +
    'ended ends ende hardbounce softbounce baja abuse'
  ).split(' '),
);

const consents = [
  ...['optin', 'optedin', 'newsletter', 'subscri', 'consent', 'einwillig', 'zustimm', 'abonn', 'permission'],
  ...[
    'erlaubnis',
    'acceptsmarketing',
    'acceptsemail',
    'acceptssms',
    'emailmarketing',
    'smsmarketing',
    'inscri',
  ],
];
const consentWords = new Set(['doi', 'abo', 'subscribed', 'mailable', 'contactable', 'emailable']);

/** A column that says when, where or how a consent was given is no state. */
const momentWords = new Set(
  (
    'time timestamp date datum zeit zeitpunkt uhrzeit at am on since seit source quelle herkunft method methode ' +
    'text version wording form formular page by von proof nachweis beleg ref'
  ).split(' '),
);

const stateWords = new Set([
  ...['unsubscribed', 'unsubscribe', 'not subscribed', 'never subscribed', 'non subscribed', 'nonsubscribed'],
  ...['subscribed', 'subscriber', 'active', 'inactive', 'enabled', 'disabled', 'pending', 'unconfirmed'],
  ...['confirmed', 'opt in', 'opt out', 'optin', 'optout', 'opted in', 'opted out', 'bounced', 'bounce'],
  ...['hard bounce', 'soft bounce', 'hardbounce', 'softbounce', 'hard bounced', 'cleaned', 'complained'],
  ...[
    'complaint',
    'spam',
    'spam complaint',
    'blocked',
    'blocklisted',
    'blacklisted',
    'suppressed',
    'deleted',
  ],
  ...[
    'removed',
    'withdrawn',
    'revoked',
    'cancelled',
    'canceled',
    'expired',
    'rejected',
    'declined',
    'refused',
  ],
  ...[
    'do not contact',
    'do not mail',
    'do not email',
    'do not call',
    'archived',
    'undeliverable',
    'objected',
  ],
  ...['angemeldet', 'abgemeldet', 'abmeldung', 'ausgetragen', 'widerrufen', 'widerruf', 'widersprochen'],
  ...['widerspruch', 'gesperrt', 'blockiert', 'geloescht', 'aktiv', 'inaktiv', 'deaktiviert', 'gekuendigt'],
  ...['abgelaufen', 'bestaetigt', 'unbestaetigt', 'ausstehend', 'abgelehnt', 'unzustellbar', 'keine werbung'],
  ...[
    'desabonne',
    'desabonnee',
    'desinscrit',
    'abonne',
    'disiscritto',
    'iscritto',
    'uitgeschreven',
    'afgemeld',
  ],
]);
