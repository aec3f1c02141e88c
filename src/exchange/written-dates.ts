import { isDay } from '#src/i18n/dates.ts';
import { isoOfLocal } from '#src/i18n/local-time.ts';

/** The entries of a line that are dates or times. */
const dated = ['captured_at', 'confirmed_at', 'state_at'];

/**
 * Dates as German offices write them (24.11.2026, also with a time on the wall) as ISO; what is ISO already, or
 * cannot be read, stays as it is. Dots never stand between month and day, so nothing has to be guessed.
 */
export function withIsoDates(values: Record<string, string>): Record<string, string> {
  const entries = dated.flatMap((name): [string, string][] => {
    const iso = values[name] && isoOfGerman(values[name]);
    return iso ? [[name, iso]] : [];
  });
  return entries.length > 0 ? { ...values, ...Object.fromEntries(entries) } : values;
}

/** What is wrong with dates that can be read in two ways: whoever made the file has to say which one is meant. */
export function faultOfDates(values: Record<string, string>): string | undefined {
  const name = dated.find((one) => twoWays.test(values[one] ?? ''));
  return (
    name &&
    `${name}: Nobody can tell day, month and year apart. Write 2026-11-24 or 24.11.2026, with the year in full.`
  );
}

const twoWays = /^\d{1,2}[/-]\d{1,2}[/-]\d{2,4}(\D|$)|^\d{1,2}\.\d{1,2}\.\d{2}(\D|$)/;

function isoOfGerman(text: string): string | undefined {
  const parts = /^(\d{1,2})\.(\d{1,2})\.(\d{4})(?:,?\s+(\d{1,2}):(\d{2})(?::(\d{2}))?(?:\s*Uhr)?)?$/.exec(
    text,
  );
  if (!parts) return undefined;
  const [, day = '', month = '', year, hour, minute, second = '00'] = parts;
  const date = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
  // A 31st of February would roll over to March.
  if (!isDay(date)) return undefined;
  return hour === undefined ? date : isoOfLocal(`${date}T${hour.padStart(2, '0')}:${minute}:${second}`);
}
