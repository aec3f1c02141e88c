import type { Decision } from '#src/decisions/facts.ts';
import { dateText, dateTimeText } from '#src/i18n/dates.ts';
import type { Translate } from '#src/i18n/translate.ts';

/** The reason in words, and what is missing. */
export function whyOf(decision: Decision, t: Translate): string {
  if (decision.flags.includes('text_invalid')) return t('desk.reason.text_invalid');
  const reason = t(`desk.reason.${decision.reason}`);
  const { allowed_again_at: again } = decision;
  if (again) return `${reason} ${t('desk.allowed_again', { at: dateTimeText(again, t.locale) })}`;
  const missing = missingIn(decision, t);
  return missing ? `${reason} ${t('desk.matrix.missing', { what: missing })}.` : reason;
}

/** How long it still holds, and what is pointed out about it. */
export function agesOf({ valid_until, unused_until, flags }: Decision, t: Translate): string[] {
  const at = (iso: string) => dateText(iso, t.locale);
  return [
    ...(valid_until ? [t('ageing.until', { at: at(valid_until) })] : []),
    ...(unused_until ? [t('ageing.unused', { at: at(unused_until) })] : []),
    ...(flags.includes('ageing') ? [t('ageing.flagged')] : []),
    ...(flags.includes('evidence_elsewhere') ? [t('desk.flag.evidence_elsewhere')] : []),
  ];
}

function missingIn({ missing }: Decision, t: Translate): string {
  const names = missing.map((name) => {
    const known = missingNames.find((one) => one === name);
    return known ? t(`desk.missing.${known}`) : t('desk.missing.other');
  });
  return [...new Set(names)].join(', ');
}

const missingNames = [
  'signed_at',
  'place',
  'scan_sha256',
  'number',
  'recording_ref',
  'recording_sha256',
  'ivr_script',
  'call_log_ref',
  'keys',
  'person.name',
  'person.address',
  'text_version',
  'captured_before_text',
  'captured_after_text',
  'confirmed_before_asked',
  'scan_file',
  'ecg_check',
  'star_entry_check',
] as const;
