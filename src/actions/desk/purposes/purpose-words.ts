import type { Channel } from '#db/schema/vocabulary.ts';
import { type Fault, faultAt } from '#src/http/action-result.ts';
import { isLocale } from '#src/i18n/locales.ts';
import { languageName } from '#src/i18n/names.ts';
import type { PlainKey, Translate } from '#src/i18n/translate.ts';
import type { PurposeChannel } from '#src/purposes/purpose.ts';
import type { PurposeFault } from '#src/purposes/purpose-faults.ts';
import { nonUseRules } from '#src/purposes/purpose-policy.ts';

/** Which entry, what is wrong with it, and why the rule is there. */
export function faultsInWords(t: Translate, faults: PurposeFault[]): Fault[] {
  return faults.map((fault) => faultAt(fault.field, `${fieldLabel(t, fault.field)}: ${faultText(t, fault)}`));
}

/** "twice a month" as a fact: "2 × im Monat". */
export function frequencyText(t: Translate, { frequency }: PurposeChannel): string {
  if (!frequency) return t('purposes.frequency.none');
  return t('purposes.frequency', { times: frequency.times, per: t(`purposes.per.${frequency.per}`) });
}

/** When a permission on this channel grows old. */
export function nonUseText(t: Translate, { channel, flagMonths, denyMonths }: PurposeChannel): string {
  const rule = nonUseRules[channel];
  if (!rule) return t('purposes.non_use.never');
  const deny = denyMonths ?? rule.denyMonths;
  return t('purposes.non_use', { flag: flagMonths ?? Math.min(rule.flagMonths, deny), deny });
}

function faultText(t: Translate, fault: PurposeFault): string {
  switch (fault.code) {
    case 'too_long':
    case 'too_many':
    case 'times_range':
      return t(`purposes.fault.${fault.code}`, fault.values);
    case 'over_limit':
      return `${t('purposes.fault.over_limit', { limit: fault.values.limit })} ${t(limitReasons[fault.values.channel])}`;
    case 'months_range':
      return t('purposes.fault.months_range', fault.values);
    case 'flag_after_deny':
      return t('purposes.fault.flag_after_deny', fault.values);
    case 'note_missing':
    case 'proof_note_missing':
      return t(`purposes.fault.${fault.code}`, fault.values);
    case 'proof_range':
      return t('purposes.fault.proof_range', fault.values);
    default:
      return t(`purposes.fault.${fault.code}`);
  }
}

const limitReasons: Record<Channel, PlainKey> = {
  email: 'purposes.limit.email',
  sms: 'purposes.limit.message',
  fax: 'purposes.limit.message',
  phone: 'purposes.limit.phone',
  post: 'purposes.non_use.never',
};

/** "Titel, Deutsch" · "E-Mail, Sperre nach Monaten" · "Dritte, Ort" */
function fieldLabel(t: Translate, field: string): string {
  const parts = field.split('_');
  const last = parts.at(-1) ?? '';
  const name = parts.length > 1 ? parts.slice(0, -1).join('_') : field;
  if (isLocale(last)) return `${t(`purposes.field.${name as 'title'}`)} (${languageName(last, t.locale)})`;
  if (field.startsWith('party_')) return t('purposes.third_parties');
  if (field.startsWith('proof_')) return t('purposes.proof');
  if (field === 'channel') return t('purposes.channels');
  return `${t(`channel.${last as Channel}`)}, ${t(`purposes.field.${name as 'times'}`)}`;
}
