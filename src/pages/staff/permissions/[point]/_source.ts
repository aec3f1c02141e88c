import { isWay } from '#src/actions/desk/permissions/ways.ts';
import type { Translate } from '#src/i18n/translate.ts';

/** Where an address came from, in words: `form:newsletter`, `capture:postcard`. */
export function sourceText(source: string, t: Translate): string {
  const [kind, name = ''] = source.split(':');
  if (kind === 'form') return t('desk.source.form', { name });
  if (kind === 'capture')
    return t('desk.source.capture', { name: isWay(name) ? t(`desk.way.${name}`) : name });
  return source;
}
