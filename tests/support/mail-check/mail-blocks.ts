import { shortened } from '#src/consent-texts/wording-check/finding.ts';
import { tidied } from '#src/consent-texts/wording-check/mapped-text.ts';
import { linksIn } from './mail-links.ts';
import { type MailFinding, type MailPart, type MailReading, mailFinding } from './mail-reading.ts';

/** M05: what the mail has to say, in both of its parts. */
export function blockFindings(reading: MailReading): MailFinding[] {
  if (reading.mail.text.trim() === '') return [mailFinding(reading, 'M05', { key: 'text' })];
  return reading.whole
    .filter(({ part }) => part !== 'subject' && reading.mail[part].trim() !== '')
    .flatMap(({ part, mapped }) => [
      ...missingIn(reading, part, mapped.text),
      ...confirmLinks(reading, part),
    ]);
}

function missingIn(reading: MailReading, part: MailPart, text: string): MailFinding[] {
  const { context, mail } = reading;
  const own = reading.own.find((candidate) => candidate.part === part)?.mapped.text ?? '';
  const say = (key: string, excerpt = '') => [
    mailFinding(reading, 'M05', { part, key, values: { excerpt: shortened(excerpt) } }),
  ];
  const has = (words: string | undefined) => words === undefined || text.includes(tidied(words).text);
  return [
    ...(has(context.controllerName) ? [] : say('sender')),
    ...(has(context.address) ? [] : say('address')),
    ...(has(context.site) ? [] : say('origin')),
    ...(WHEN[mail.locale].test(own) ? [] : say('time')),
    ...context.consentTexts.filter((wording) => !has(wording)).flatMap((wording) => say('wording', wording)),
    ...(IGNORE[mail.locale].test(own) ? [] : say('ignore')),
    ...(DELETION[mail.locale].test(own) ? [] : say('deletion')),
    ...context.imprint
      .split('\n')
      .filter((line) => line.trim() !== '' && !has(line))
      .flatMap((line) => say('imprint', line)),
    ...(PRIVACY[mail.locale].test(own) ? [] : say('privacy')),
  ];
}

/** Exactly one way to confirm: the link may stand there once, in each part. */
function confirmLinks(reading: MailReading, part: MailPart): MailFinding[] {
  const { confirmLink } = reading.context;
  if (confirmLink === undefined) return [];
  const count = linksIn(reading).filter((one) => one.part === part && one.link === confirmLink).length;
  return count === 1
    ? []
    : [mailFinding(reading, 'M05', { part, key: 'link', values: { count: String(count) } })];
}

const DATE = {
  de: '\\d{1,2}\\.\\s?(?:\\d{1,2}\\.|Januar|Februar|März|April|Mai|Juni|Juli|August|September|Oktober|November|Dezember)\\s?\\d{4}',
  en: '(?:\\d{1,2}\\s(?:January|February|March|April|May|June|July|August|September|October|November|December)\\s\\d{4}|(?:January|February|March|April|May|June|July|August|September|October|November|December)\\s\\d{1,2},\\s\\d{4}|\\d{4}-\\d{2}-\\d{2})',
};
const TIME = '\\d{1,2}[:.]\\d{2}';

// Both in one sentence: "am 05.03.2026 um 14:02 Uhr", "on 5 March 2026 at 14:02".
const WHEN = {
  de: new RegExp(`${DATE.de}[^\\n]{0,12}?${TIME}`, 'u'),
  en: new RegExp(`${DATE.en}[^\\n]{0,12}?${TIME}`, 'u'),
};
const IGNORE = {
  de: /nichts\s(?:weiter\s)?(?:zu\s)?(?:tun|unternehmen)|(?:brauchen|müssen)\sSie\snichts|ignorieren|geschieht\snichts|passiert\snichts/iu,
  en: /(?:need\s)?do\snothing|nothing\s(?:will\s)?happens?|ignore|no\saction/iu,
};
const DELETION = {
  de: new RegExp(`(?:lösch|gelöscht)[^.]{0,80}${DATE.de}|${DATE.de}[^.]{0,40}(?:lösch|gelöscht)`, 'u'),
  en: new RegExp(
    `(?:delete|erase|remove)[^.]{0,80}${DATE.en}|${DATE.en}[^.]{0,40}(?:delete|erase|remove)`,
    'u',
  ),
};
const PRIVACY = { de: /datenschutz/iu, en: /privacy|data\sprotection/iu };
