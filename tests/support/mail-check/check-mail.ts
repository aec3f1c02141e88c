import { found, occurrences, spansOf } from '#src/consent-texts/wording-check/spans.ts';
import { blockFindings } from './mail-blocks.ts';
import { linkFindings, resourceFindings } from './mail-links.ts';
import {
  type CheckedMail,
  type MailContext,
  type MailFinding,
  type MailReading,
  mailFinding,
  readMail,
} from './mail-reading.ts';
import { requireMailRule } from './mail-rules.ts';

/** The rules of law.md 7.3 for the mail that asks for confirmation. */
export function checkMail(mail: CheckedMail, context: MailContext): MailFinding[] {
  const reading = readMail(mail, context);
  return [
    ...resourceFindings(reading),
    ...advertising(reading),
    ...linkFindings(reading),
    ...blockFindings(reading),
    ...foreignWords(reading),
    ...(context.mailsBefore ? [mailFinding(reading, 'M07')] : []),
    ...subjectFindings(reading),
  ];
}

/** For every other mail that somebody did not ask to be advertised in: nothing loaded, no word of advertising. */
export function checkTransactionalMail(mail: CheckedMail, context: MailContext): MailFinding[] {
  const reading = readMail(mail, context);
  return [...resourceFindings(reading), ...advertising(reading)];
}

function advertising(reading: MailReading): MailFinding[] {
  return ['M02', 'M03'].flatMap((id) =>
    reading.own.flatMap(({ part, mapped }) =>
      spansOf(patternOf(id), mapped.text).map((span) => mailFinding(reading, id, { part, mapped, span })),
    ),
  );
}

function patternOf(id: string): RegExp {
  return new RegExp(requireMailRule(id).pattern ?? '(?!)', 'giu');
}

/** Nothing that a stranger typed travels to the owner of the address. */
function foreignWords(reading: MailReading): MailFinding[] {
  const values = (reading.context.formValues ?? [])
    .map((value) => value.trim())
    .filter((value) => value.length > 1);
  return reading.own.flatMap(({ part, mapped }) => {
    const typed = occurrences(values, mapped.text)
      .filter(
        ({ start, end }) => !/[\p{L}\d]/u.test(`${mapped.text[start - 1] ?? ''}${mapped.text[end] ?? ''}`),
      )
      .map((span) => mailFinding(reading, 'M06', { part, mapped, span }));
    const control = spansOf(CONTROL, reading.mail[part]).slice(0, 1);
    return [...typed, ...control.map((span) => mailFinding(reading, 'M06', { part, span }))];
  });
}

const CONTROL = /[^\P{Cc}\n\r\t]/gu;
const OPENING = { de: 'Bitte bestätigen: ', en: 'Please confirm: ' };

function subjectFindings(reading: MailReading): MailFinding[] {
  const { mail, context } = reading;
  const say = (key: string, values: Record<string, string> = {}) =>
    mailFinding(reading, 'M08', { part: 'subject', key, values });
  const opening = OPENING[mail.locale];
  const own = reading.own.find(({ part }) => part === 'subject')?.mapped.text ?? '';
  const words = spansOf(patternOf('M02'), own).map(({ start, end }) => own.slice(start, end));
  return [
    ...(mail.subject.startsWith(opening) ? [] : [say('opening', { opening: opening.trim() })]),
    ...(mail.subject.includes(context.controllerName) ? [] : [say('name', { name: context.controllerName })]),
    ...(found(/\p{Extended_Pictographic}/gu, mail.subject) ? [say('emoji')] : []),
    ...words.slice(0, 1).map((excerpt) => say('words', { excerpt })),
  ];
}
