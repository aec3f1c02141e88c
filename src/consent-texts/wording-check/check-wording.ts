import { absentFindings } from './absent-rules.ts';
import type { CheckInput } from './check-input.ts';
import { crossFindings } from './cross-rules.ts';
import { disguiseFindings } from './disguise-rules.ts';
import { driftFindings } from './drift-rule.ts';
import { detail, type Finding, shortened } from './finding.ts';
import { meaningFindings } from './meaning-rules.ts';
import { metricFindings } from './metric-rule.ts';
import { noticeFindings } from './notice-rules.ts';
import { type Reading, readInput } from './reading.ts';
import { anySpelling } from './spelling.ts';
import { structFindings } from './struct-rules.ts';
import { textFindings } from './text-rules.ts';

/**
 * Everything that the rules of law.md section 7 have to say about a wording. Pure; a clean result
 * is no legal clearance.
 */
export function checkWording(input: CheckInput): Finding[] {
  const reading = readInput(input);
  const inWords = textFindings(reading);
  const meant = meaningFindings(reading).filter((one) => !inWords.some((other) => isMarkedBy(one, other)));
  const findings =
    input.kind === 'notice'
      ? [
          ...disguiseFindings(reading),
          ...[...inWords, ...meant].filter(({ rule }) => rulesForNotices.includes(rule)),
          ...noticeFindings(reading),
          ...metricFindings(reading),
        ]
      : [
          ...disguiseFindings(reading),
          ...inWords,
          ...meant,
          ...absentFindings(reading),
          ...crossFindings(reading),
          ...structFindings(reading),
          ...metricFindings(reading),
          ...driftFindings(reading),
        ];
  return inOrder(withoutDuplicates(adjustSeverities(reading, findings)), reading);
}

/** Who advertises, the way out, placeholders, pressure and measuring: the same for a notice as for a consent. */
const rulesForNotices = ['W01', 'W02', 'W04', 'W13', 'W14', 'W26', 'W32', 'W34', 'W35', 'W36'];

/** Some findings weigh more or less in the company of others. */
function adjustSeverities(reading: Reading, findings: Finding[]): Finding[] {
  return findings.map((one) => {
    if (!reading.input.form && formLevelRules.includes(one.rule)) return { ...one, severity: 'info' };
    if (one.rule === 'W15' && isPlainSubscription(reading)) {
      return { ...one, severity: 'info', message: detail(reading, 'W15', 'subscription').message };
    }
    if (one.rule === 'W24') return adjustPrizeDraw(reading, one, findings);
    return one;
  });
}

/** What the form around a clause may say for all its boxes: the privacy notice, and that consent is voluntary. */
const formLevelRules = ['W38', 'W42'];

function isPlainSubscription({ input, locale }: Reading): boolean {
  return input.form?.purposeCount === 1 && SUBSCRIBES[locale].test(input.button ?? '');
}

function adjustPrizeDraw(reading: Reading, one: Finding, findings: Finding[]): Finding {
  const worse = ['W03', 'W25'].filter((id) =>
    findings.some(({ rule, severity }) => rule === id && severity === 'error'),
  );
  const excerpt = shortened(fieldText(reading, one).slice(one.start, one.end));
  if (worse.length > 0) {
    const { message } = detail(reading, 'W24', 'worse', { excerpt, rules: worse.join(', ') });
    return { ...one, severity: 'error', message };
  }
  if (OPEN_EXCHANGE[reading.locale].test(reading.wording.tidy.text)) return one;
  return { ...one, severity: 'error', message: detail(reading, 'W24', 'coupled', { excerpt }).message };
}

function fieldText(reading: Reading, one: Finding): string {
  return reading.fields.find(({ name }) => name === one.field)?.original ?? '';
}

const SUBSCRIBES = {
  de: anySpelling(/abonnier|(?:zum|für den)\s+newsletter\s+anmelden|newsletter\s+(?:bestellen|anfordern)/iu),
  en: /subscribe|sign\s+up\s+(?:for|to)\s+(?:the\s+|our\s+)?newsletter/iu,
};
const OPEN_EXCHANGE = {
  de: anySpelling(
    /im\s+gegenzug|als\s+gegenleistung|als\s+dank|für\s+(?:meine|die)\s+einwilligung|teilnahme\s[^.]{0,60}(?:nur\s(?:mit|bei|wenn)|ohne|unabhängig|nicht\s(?:[^\s.]{1,20}\s)?(?:ab|abhängig))(?!\p{L})/iu,
  ),
  en: /in\s+return|in\s+exchange|for\s+(?:my|the)\s+consent|(?:enter|take\s+part|entry|participation)\s[^.]{0,60}(?:without|only\s(?:with|if)|not\sdepend|independent)(?!\p{L})/iu,
};

/** Whether an error in so many words already says of the place what a meaning says. */
function isMarkedBy(one: Finding, other: Finding): boolean {
  const isKindred = KINDRED.some((rules) => rules.includes(one.rule) && rules.includes(other.rule));
  if (!isKindred || other.severity !== 'error' || other.field !== one.field) return false;
  return other.start < one.end && one.start < other.end;
}

const KINDRED = [
  ['W01', 'W02', 'W03'],
  ['W05', 'W06', 'W07'],
  ['W21', 'W26'],
];

function withoutDuplicates(findings: Finding[]): Finding[] {
  return findings.filter(
    (one, index) => !findings.some((other, at) => at !== index && isDuplicateOf(one, other, at < index)),
  );
}

/** Whether `other` already says at the same or a wider place what `one` says. */
function isDuplicateOf(one: Finding, other: Finding, otherIsFirst: boolean): boolean {
  if (one.rule !== other.rule || one.field !== other.field) return false;
  const isAboutTheWhole = one.end === one.start;
  if (one.start === other.start && one.end === other.end) {
    return otherIsFirst && (!isAboutTheWhole || one.message === other.message);
  }
  return !isAboutTheWhole && other.start <= one.start && one.end <= other.end;
}

/** What is said comes before what is missing or about the whole, and what weighs most before the rest. */
function inOrder(findings: Finding[], { fields }: Reading): Finding[] {
  const order = new Map(fields.map(({ name }, index) => [name, index]));
  const isMissing = ({ start, end }: Finding) => Number(end === start);
  return findings.toSorted(
    (a, b) =>
      isMissing(a) - isMissing(b) ||
      WEIGHT[a.severity] - WEIGHT[b.severity] ||
      (order.get(a.field) ?? 0) - (order.get(b.field) ?? 0) ||
      a.start - b.start ||
      a.rule.localeCompare(b.rule),
  );
}

const WEIGHT = { error: 0, warn: 1, info: 2 };
