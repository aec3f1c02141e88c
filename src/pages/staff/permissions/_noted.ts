import type { Locale } from '#db/schema/vocabulary.ts';
import { type DeskField, fieldsOf, isWay, type WayName, ways } from '#src/actions/desk/permissions/ways.ts';
import { exactTimeText } from '#src/i18n/dates.ts';
import { translator } from '#src/i18n/translate.ts';
import { wrongThings } from '#src/permissions/correct-capture.ts';
import { restrictionReasons } from '#src/permissions/restrict-processing.ts';
import { waysOfSayingNo } from '#src/permissions/withdraw-at-desk.ts';

/** What was written down with an act, in words; nothing for what the page does not know how to say. */
export function notedText(
  name: string,
  value: string,
  locale: Locale,
): { label: string; value: string } | undefined {
  const t = translator(locale);
  if (name === 'how') {
    const how = waysOfSayingNo.find((one) => one === value);
    return { label: t('desk.noted.how'), value: how ? t(`desk.withdraw.how.${how}`) : value };
  }
  if (name === 'wrong') {
    const wrong = wrongThings.find((one) => one === value);
    return { label: t('correct.wrong'), value: wrong ? t(`correct.wrong.${wrong}`) : value };
  }
  if (name === 'restriction_reason') {
    const reason = restrictionReasons.find((one) => one === value);
    return { label: t('restriction.reason'), value: reason ? t(`restriction.reason.${reason}`) : value };
  }
  if (name === 'list') return { label: t('register.list'), value };
  if (name === 'reason') return { label: t('correct.reason'), value };
  if (name === 'method') {
    return { label: t('desk.noted.method'), value: isWay(value) ? t(`desk.way.${value}`) : value };
  }
  if (name === 'scan_sha256') return { label: t('desk.noted.scan_sha256'), value };
  const field = allFields.find((one) => one.name === name);
  if (!field) return undefined;
  return { label: t(`desk.field.${field.name}`), value: toldValue(field, value, locale) };
}

const allFields: DeskField[] = (Object.keys(ways) as WayName[]).flatMap(fieldsOf);

function toldValue(field: DeskField, value: string, locale: Locale): string {
  const t = translator(locale);
  if (field.kind === 'moment' || field.kind === 'date') return exactTimeText(value, locale);
  if (field.kind === 'check') return t('desk.field.answer.yes');
  if (field.name === 'direction') return t('desk.field.direction.inbound');
  return value;
}
