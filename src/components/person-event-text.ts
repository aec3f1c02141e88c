import type { Locale } from '#db/schema/vocabulary.ts';
import { dateTimeText } from '#src/i18n/dates.ts';
import { translator } from '#src/i18n/translate.ts';
import type { PersonEntry } from '#src/ledger/person-events.ts';

/** What happened to a person as a whole, in a line of their history. */
export function personEventText(
  event: Pick<PersonEntry, 'kind' | 'occurredAt' | 'register' | 'refused' | 'channel'>,
  locale: Locale,
): string {
  const t = translator(locale);
  if (event.kind === 'restricted') return t('person_event.restricted');
  if (event.kind === 'unrestricted') {
    return t('person_event.unrestricted', { at: dateTimeText(event.occurredAt, locale) });
  }
  return t(`person_event.register.${event.refused ? 'refused' : 'free'}`, {
    register: event.register ? t(`register.${event.register}`) : '',
    channel: event.channel ? t(`channel.${event.channel}`) : '',
    at: dateTimeText(event.occurredAt, locale),
  });
}
