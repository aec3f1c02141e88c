import { channelFindings } from './channel-rule.ts';
import { isNamed, namesSomebody } from './companies.ts';
import { detail, type Finding, finding } from './finding.ts';
import { frequencyIn, frequencyInWords, sameFrequency } from './frequency.ts';
import type { Reading } from './reading.ts';
import { requireRule } from './rules.ts';
import { foundAny, without } from './spans.ts';
import { anySpelling } from './spelling.ts';
import { matchesOf } from './text-rules.ts';
import { hasTopic, termsIn } from './topics.ts';
import { trackingFindings } from './tracking-rule.ts';
import { vocabularyFindings } from './vocabulary-rule.ts';

/** The rules that hold the words against what is known about form and purpose. */
export function crossFindings(reading: Reading): Finding[] {
  return [
    ...channelFindings(reading),
    ...controllerFindings(reading),
    ...topicFindings(reading),
    ...purposeFindings(reading),
    ...trackingFindings(reading),
    ...dataFindings(reading),
    ...frequencyFindings(reading),
    ...vocabularyFindings(reading),
  ];
}

function controllerFindings(reading: Reading): Finding[] {
  const { text } = reading.wording.tidy;
  const { controllers = [] } = reading.input;
  if (controllers.length === 0) {
    return namesSomebody(text, reading.locale) || hasPlaceholder(reading)
      ? []
      : [detail(reading, 'W10', 'none')];
  }
  return controllers.flatMap(({ name, place }) => {
    if (!isNamed(text, name)) return [detail(reading, 'W10', 'missing', { name })];
    if (!place || text.includes(spaced(place))) return [];
    return [detail(reading, 'W10', 'place', { place }, { severity: 'info' })];
  });
}

function topicFindings(reading: Reading): Finding[] {
  const { wording, locale, input } = reading;
  const terms = input.terms ?? [];
  if (isAboutTracking(reading)) return [];
  if (terms.length === 0) {
    return hasTopic(wording, locale) || hasPlaceholder(reading) ? [] : [detail(reading, 'W11', 'none')];
  }
  if (termsIn(wording.tidy.text, terms).length > 0) return [];
  return [detail(reading, 'W11', 'missing', { terms: terms.join(', ') })];
}

/** What stands in for the name or the product is found by W34. */
function hasPlaceholder({ wording, locale }: Reading): boolean {
  return foundAny(requireRule('W34').patterns[locale], wording.tidy.text);
}

/** Consent to being measured is about what is measured, not about products. */
function isAboutTracking({ wording, locale, input }: Reading): boolean {
  return (
    input.purposes?.some(({ kind }) => kind === 'tracking') || ASKS_TO_MEASURE[locale].test(wording.tidy.text)
  );
}

const ASKS_TO_MEASURE = {
  de: anySpelling(/(?:darf|dürfen)\s[^.]{0,80}(?:auswerten|messen|erfassen),?\s(?:ob|wann|welche)/iu),
  en: /may\s(?:[^\s.]{1,40}\s){0,6}(?:analy[sz]e|measure|record|track)\s(?:whether|when|which|if)/iu,
};

function purposeFindings(reading: Reading): Finding[] {
  const { purposes = [] } = reading.input;
  if (purposes.length > 1) return [detail(reading, 'W21', 'count', { count: purposes.length })];
  const only = purposes[0]?.kind;
  if (only === 'tracking' || only === 'disclosure') return [];
  return byPattern(reading, 'W21');
}

function dataFindings(reading: Reading): Finding[] {
  const { dataCategories = [] } = reading.input;
  const text = reading.wording.tidy.text.toLowerCase();
  const isNamed =
    dataCategories.length > 0 && dataCategories.every((name) => text.includes(name.toLowerCase()));
  return isNamed ? [] : byPattern(reading, 'W28');
}

function frequencyFindings(reading: Reading): Finding[] {
  const { input, wording, locale, reader } = reading;
  const said = frequencyIn(without(wording.tidy.text, wording.withdrawals), locale);
  if (!said || !input.frequency || sameFrequency(said, input.frequency)) return [];
  const values = {
    excerpt: wording.tidy.text.slice(said.span.start, said.span.end),
    promised: frequencyInWords(input.frequency, reader),
  };
  return [detail(reading, 'W29', 'mismatch', values, { span: said.span, severity: 'error' })];
}

function byPattern(reading: Reading, id: string): Finding[] {
  const rule = requireRule(id);
  return matchesOf(rule, reading.wording, reading.locale).map((span) => finding(reading, rule, { span }));
}

function spaced(name: string): string {
  return name.normalize('NFC').replace(/\s+/gu, ' ').trim();
}
