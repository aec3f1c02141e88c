import { channelNames, channelSet, channelsIn, type NamedChannel } from './channels.ts';
import type { OtherLocale, RuleLanguage } from './check-input.ts';
import { companiesIn } from './companies.ts';
import { detail, type Finding } from './finding.ts';
import { frequencyIn, frequencyInWords, sameFrequency } from './frequency.ts';
import { type Reading, readInput, type TextField } from './reading.ts';
import { requireRule } from './rules.ts';
import { ADDRESS, foundAny, occurrences, spansOf, without } from './spans.ts';
import { termsIn } from './topics.ts';

/** W43: each language of a version says the same: channels, companies, products, frequency, numbers, end. */
export function driftFindings(reading: Reading): Finding[] {
  const others = reading.input.otherLocales ?? [];
  return [...others.flatMap((other) => drifted(reading, other)), ...inOneText(reading)];
}

function drifted(reading: Reading, other: OtherLocale): Finding[] {
  const there = readInput({ ...reading.input, ...other, otherLocales: [] });
  const language = LANGUAGE[reading.reader][other.locale];
  return [
    ...channelDrift(reading, there, language),
    ...nameDrift(reading, there, language),
    ...termDrift(reading, there, language),
    ...frequencyDrift(reading, there, language),
    ...numberDrift(reading, there, language),
    ...endDrift(reading, there, language),
  ];
}

const LANGUAGE = { de: { de: 'Deutsch', en: 'Englisch' }, en: { de: 'German', en: 'English' } };

function channelDrift(reading: Reading, there: Reading, language: string): Finding[] {
  const sets = [reading, there].map(({ wording, locale }) => channelSet(channelsIn(wording, locale)));
  const [ours = '', theirs = ''] = sets.map((channels) => spoken(channels, reading.reader));
  return ours === theirs ? [] : [detail(reading, 'W43', 'channels', { language, here: ours, there: theirs })];
}

function spoken(channels: NamedChannel[], reader: RuleLanguage): string {
  return channels.map((channel) => channelNames[reader][channel]).join(', ') || '–';
}

function nameDrift(reading: Reading, there: Reading, language: string): Finding[] {
  const [here, elsewhere] = [reading.wording.tidy.text, there.wording.tidy.text];
  const { controllers = [], recipients = [] } = reading.input;
  const declared = [...controllers, ...recipients].map(({ name }) => name);
  const candidates = new Set([...declared, ...companiesIn(here), ...companiesIn(elsewhere)]);
  const thisLanguage = LANGUAGE[reading.reader][reading.locale];
  return [...candidates]
    .filter((name) => here.includes(name) !== elsewhere.includes(name))
    .map((name) =>
      detail(reading, 'W43', 'names', { name, language: here.includes(name) ? thisLanguage : language }),
    );
}

/** Terms are compared by number: the lists of two languages are written side by side. */
function termDrift(reading: Reading, there: Reading, language: string): Finding[] {
  const [ours, theirs] = [reading.input.terms ?? [], there.input.terms ?? []];
  if (ours === theirs || ours.length !== theirs.length) return [];
  const here = termsIn(reading.wording.tidy.text, ours).length;
  const count = termsIn(there.wording.tidy.text, theirs).length;
  return here === count ? [] : [detail(reading, 'W43', 'terms', { language, here, there: count })];
}

function frequencyDrift(reading: Reading, there: Reading, language: string): Finding[] {
  const here = frequencyOf(reading.wording, reading.locale);
  const other = frequencyOf(there.wording, there.locale);
  if ((!here && !other) || (here && other && sameFrequency(here, other))) return [];
  const words = [here, other].map((one) => (one ? frequencyInWords(one, reading.reader) : '–'));
  const values = { language, here: words[0] ?? '', there: words[1] ?? '' };
  return [detail(reading, 'W43', 'frequency', values, { span: here?.span })];
}

function frequencyOf({ tidy, withdrawals }: TextField, locale: RuleLanguage) {
  return frequencyIn(without(tidy.text, withdrawals), locale);
}

function numberDrift(reading: Reading, there: Reading, language: string): Finding[] {
  const [here, other] = [reading, there].map(numbersIn);
  return here === other
    ? []
    : [detail(reading, 'W43', 'numbers', { language, here: here || '–', there: other || '–' })];
}

/** The numbers of a text but for those in names, addresses and the frequency, which are compared apart. */
function numbersIn({ wording, locale }: Reading): string {
  const { text } = wording.tidy;
  const frequency = frequencyIn(text, locale);
  const rest = without(text, [
    ...wording.names,
    ...occurrences(companiesIn(text), text),
    ...spansOf(ADDRESS, text),
    ...(frequency ? [frequency.span] : []),
  ]);
  return (rest.match(/\d+/gu) ?? []).sort().join(', ');
}

function endDrift(reading: Reading, there: Reading, language: string): Finding[] {
  const [here, other] = [reading, there].map(({ wording, locale }) =>
    foundAny(requireRule('W33').patterns[locale], wording.tidy.text),
  );
  const thisLanguage = LANGUAGE[reading.reader][reading.locale];
  return here === other ? [] : [detail(reading, 'W43', 'end', { language: here ? thisLanguage : language })];
}

/** A text in two languages at once must not promise two frequencies. */
function inOneText(reading: Reading): Finding[] {
  const other: RuleLanguage = reading.locale === 'de' ? 'en' : 'de';
  const here = frequencyOf(reading.wording, reading.locale);
  const there = frequencyOf(reading.wording, other);
  if (!here || !there || sameFrequency(here, there)) return [];
  const values = {
    language: LANGUAGE[reading.reader][other],
    here: frequencyInWords(here, reading.reader),
    there: frequencyInWords(there, reading.reader),
  };
  return [detail(reading, 'W43', 'frequency', values, { span: here.span })];
}
