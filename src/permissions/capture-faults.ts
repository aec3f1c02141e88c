import type { Db } from '#db/connect.ts';
import type { Locale } from '#db/schema/vocabulary.ts';
import { isAfterGracePeriod, isBefore } from '#src/consent-texts/text-times.ts';
import type { Capture } from './capture.ts';

/** Why a capture can never become usable, and the field at fault. */
export interface CaptureFault {
  field: string;
  code: string;
  message: string;
}

/** The text version that the person agreed to. */
export interface CapturedText {
  id: string;
  ref: string;
  wording: string;
  sha256: string;
  locale: Locale;
  liveFrom: string;
  retiredAt: string | null;
}

/** When words were in use. */
export type ShownText = Pick<CapturedText, 'liveFrom' | 'retiredAt'>;

/** Faults visible in the capture itself: a basis that does not fit channel or audience, and times in the future. */
export function faultsOf(capture: Capture, now: string): CaptureFault[] {
  const { basis, channel, audience, evidence } = capture;
  const faults: CaptureFault[] = [];
  const refuse = (field: string, code: string, message: string) => faults.push({ field, code, message });
  if (basis === 'existing_customer' && channel !== 'email') {
    refuse('basis', 'not_on_this_channel', '§ 7 Abs. 3 UWG speaks of electronic mail only.');
  }
  if (basis === 'presumed' && (channel !== 'phone' || audience !== 'business')) {
    refuse('basis', 'not_on_this_channel', 'Presumed consent carries calls to businesses only.');
  }
  if (basis === 'legitimate_interest' && channel !== 'post') {
    refuse('basis', 'not_on_this_channel', 'Legitimate interest carries letters only.');
  }
  const times = [
    ['captured_at', capture.captured_at],
    ...['signed_at', 'sale_date', 'opened_at', 'notice_shown_at', 'confirmed_at'].map((name) => [
      `evidence/${name}`,
      evidence[name],
    ]),
  ] as [string, unknown][];
  const latest = new Date(Date.parse(now) + skewMs).toISOString();
  for (const [field, time] of times) {
    if (typeof time === 'string' && time > latest) refuse(field, 'in_future', 'This has not happened yet.');
  }
  return faults;
}

/**
 * Evidence that cannot be true (law.md 6.4): agreed or signed before the text was live or after it was retired,
 * confirmed before the consent was requested.
 */
export function untrueTimes(
  { captured_at, evidence }: Capture,
  text: CapturedText | undefined,
): CaptureFault[] {
  const { signed_at, confirmed_at } = evidence;
  const said = [['captured_at', captured_at], ...(signed_at ? [['evidence/signed_at', signed_at]] : [])];
  const faults = said.flatMap(([field, time]): CaptureFault[] => {
    const code = text && whenShown(String(time), text);
    return code ? [{ field: String(field), code, message: notShown[code] }] : [];
  });
  if (typeof confirmed_at === 'string' && isBefore(confirmed_at, captured_at)) {
    const message = 'The confirmation is earlier than the request.';
    faults.push({ field: 'evidence/confirmed_at', code: 'before_asked', message });
  }
  return faults;
}

/** For the same question about a notice. */
export function whenShown(
  time: string,
  { liveFrom, retiredAt }: ShownText,
): keyof typeof notShown | undefined {
  if (isBefore(time, liveFrom)) return 'before_text';
  return retiredAt !== null && isAfterGracePeriod(time, retiredAt) ? 'after_text' : undefined;
}

const notShown = {
  before_text: 'This text was not in use yet, so nobody can have agreed to it.',
  after_text: 'This text was not in use any more, so nobody can have agreed to it.',
};

/** How far the clock of the capturing system may run ahead of ours. */
const skewMs = 60_000;

/** Finds a text version by its name, e.g. `product-news/email/de@1.0`, if it was ever live. */
export async function findCapturedText(
  db: Db,
  { text_version: ref = '', purpose, channel }: Capture,
  now: string,
): Promise<CapturedText | CaptureFault> {
  const fault = (code: string, message: string) => ({ field: 'text_version', code, message });
  const parts = /^([\w-]+)\/(\w+)\/(de|en)@(\d{1,6})\.(\d{1,6})$/.exec(ref);
  if (!parts) return fault('invalid', 'A text version looks like product-news/email/de@1.0.');
  const [, key = '', on, locale, major, minor] = parts;
  if (key !== purpose || on !== channel) {
    return fault('other_text', 'This text is about another purpose or channel.');
  }
  const row = await db
    .selectFrom('consent_text_versions as version')
    .innerJoin('consent_texts', 'consent_texts.id', 'version.text_id')
    .innerJoin('purposes', 'purposes.id', 'consent_texts.purpose_id')
    .select([
      'version.id',
      'version.wording',
      'version.sha256',
      'version.live_from',
      'version.retired_at',
      'version.invalidated_at',
      'version.stopped_at',
    ])
    .where('purposes.key', '=', key)
    .where('consent_texts.channel', '=', channel)
    .where('consent_texts.locale', '=', locale as Locale)
    .where('version.major', '=', Number(major))
    .where('version.minor', '=', Number(minor))
    .executeTakeFirst();
  if (!row) return fault('unknown', 'There is no such text version.');
  if (row.live_from === null || row.live_from > now) {
    return fault('never_live', 'This text was never in use, so nobody can have agreed to it.');
  }
  if (row.invalidated_at !== null)
    return fault('invalidated', 'This text was withdrawn from use as invalid.');
  if (row.stopped_at !== null)
    return fault('stopped', 'This text is stopped: nothing is recorded under it until legal resumes it.');
  const { id, wording, sha256, live_from: liveFrom, retired_at: retiredAt } = row;
  return { id, ref, wording, sha256, locale: locale as Locale, liveFrom, retiredAt };
}
