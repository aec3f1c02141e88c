import { isDay } from '#src/i18n/dates.ts';
import { isoOfLocal } from '#src/i18n/local-time.ts';

/** The fields of a line that are dates or times. */
const dated = ['captured_at', 'confirmed_at', 'state_at'];

/**
 * Converts German dates (24.11.2026, also with a local time) to ISO. ISO dates and unreadable values stay unchanged. With
 * dots the day always comes first, so nothing is guessed.
 */
export function withIsoDates(values: Record<string, string>): Record<string, string> {
  const entries = dated.flatMap((name): [string, string][] => {
    const iso = values[name] && isoOfGerman(values[name]);
    return iso ? [[name, iso]] : [];
  });
  return entries.length > 0 ? { ...values, ...Object.fromEntries(entries) } : values;
}

/** Refuses dates that can be read in two ways: only the author of the file knows which one is meant. */
export function faultOfDates(values: Record<string, string>): string | undefined {
  const name = dated.find((one) => ambiguousDate.test(values[one] ?? ''));
  return (
    name && `${name}: Day, month and year are ambiguous. Write 2026-11-24 or 24.11.2026, with the full year.`
  );
}

const ambiguousDate = /^\d{1,2}[/-]\d{1,2}[/-]\d{2,4}(\D|$)|^\d{1,2}\.\d{1,2}\.\d{2}(\D|$)/;

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
