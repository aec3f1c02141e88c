import type { PlanFault } from '#src/exchange/import-columns.ts';
import { mostImported } from '#src/exchange/import-rows.ts';
import { namesBelow, type Translate } from '#src/i18n/translate.ts';

/** The largest file that the page takes. */
export const mostMegabytes = 16;

type FileFault = PlanFault | { code: 'missing' | 'too_large'; names?: undefined; values?: undefined };

/** Why a file cannot be read, in the words of the desk. */
export function faultText(t: Translate, { code, names = [], values = [] }: FileFault): string {
  const list = names.map((name) => nameText(t, name)).join('; ');
  if (code === 'unknown_columns') return t('imports.ignored', { names: list });
  if (code === 'state_unanswered' && values.length > 0) {
    return t('imports.fault.state_value', { names: list, values: values.join('; ') });
  }
  return t(`imports.fault.${code}`, {
    names: list,
    rows: new Intl.NumberFormat(t.locale).format(mostImported),
    megabytes: mostMegabytes,
  });
}

/** What an entry of an import is called; a column of the file keeps its own name. */
export function nameText(t: Translate, name: string): string {
  const known = namesBelow('imports.name').find((one) => one === name);
  return known ? t(`imports.name.${known}`) : name;
}
