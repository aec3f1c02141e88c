import { localOfIso } from '#src/i18n/local-time.ts';
import { type Correction, wrongThings } from '#src/permissions/correct-capture.ts';
import type { Correctable } from '#src/permissions/find-correctable.ts';
import type { DeskFault } from './read-capture.ts';
import { fieldsOf, isWay, type WayName } from './ways.ts';

/** In which way it came in, and so on which page it is mended. */
export function wayOf({ typed }: Correctable): WayName | undefined {
  return [typed.method, typed.basis].find(isWay);
}

/** What was typed then, in the fields of the page. The address is typed twice again. */
export function typedThen(way: WayName, { typed, purpose, textRef }: Correctable): Record<string, string> {
  const named = Object.entries(typed).map(([name, value]) => [
    name.replace(/^(person|evidence)\./, ''),
    value,
  ]);
  const values: Record<string, string> = { ...Object.fromEntries(named), purpose, answer: 'yes' };
  for (const { name, kind } of fieldsOf(way)) {
    const value = values[name];
    if (value && kind === 'moment') values[name] = localOfIso(value);
    if (value && kind === 'date') values[name] = value.slice(0, 10);
  }
  const { method: _, basis: __, channel: ___, text_version: ____, ...shown } = values;
  return { ...shown, ...(textRef && { text: textRef }) };
}

/** Shorter ones tell nobody anything a year later. */
const minReasonLength = 10;

export function readCorrection(
  eventId: string,
  typed: Record<string, string>,
): { ok: true; correction: Correction } | { ok: false; faults: DeskFault[] } {
  const wrong = wrongThings.find((one) => one === typed.wrong);
  const reason = typed.reason ?? '';
  const faults: DeskFault[] = [];
  if (!wrong) faults.push({ field: 'wrong', code: 'choose' });
  if (reason.length < minReasonLength) faults.push({ field: 'reason', code: 'reason_short' });
  return wrong && faults.length === 0
    ? { ok: true, correction: { eventId, wrong, reason } }
    : { ok: false, faults };
}
