import type { Basis, Channel, Locale, PermissionState } from '#db/schema/vocabulary.ts';
import { dateText } from './dates.ts';
import { translator } from './translate.ts';

/** One purpose on one channel, with what a person is told of the ground it stands on (law.md 7.6). */
export interface SpokenGround {
  title: string;
  channel: Channel;
  /** Null: nothing was ever granted. */
  basis: Basis | null;
  state: PermissionState;
  /** What holds while `state` is `pending`. */
  settledState: PermissionState;
  since: string | null;
  recordedAt?: string | undefined;
  /** Of a sale: a day. */
  saleAt?: string | undefined;
  productLine?: string | undefined;
  /** Of a presumed interest. */
  reasonCode?: string | undefined;
  subject?: string | undefined;
  /** Where the address came from. */
  source?: string | undefined;
}

/** Only a consent may be called one, and only a consent is a yes that somebody said. */
export function standsOnConsent({ basis }: Pick<SpokenGround, 'basis'>): boolean {
  return basis === null || basis === 'consent';
}

/** What a whole message or page may speak of: the bases under what it shows. `mixed`: consents and others. */
export type Speech = 'consent' | 'other' | 'mixed';

export function speechOf(cells: Pick<SpokenGround, 'basis' | 'state'>[]): Speech {
  const told = cells.filter(({ state }) => state !== 'none');
  const others = told.filter((cell) => !standsOnConsent(cell)).length;
  if (others === 0) return 'consent';
  return others === told.length ? 'other' : 'mixed';
}

/** Yes, no, not stated; for other bases what it comes to, which is nobody's yes. */
export function groundAnswer(ground: SpokenGround, locale: Locale): string | undefined {
  if (standsOnConsent(ground) || ground.state === 'pending') return undefined;
  const t = translator(locale);
  if (ground.state === 'granted') return t('ground.answer.granted');
  if (ground.state === 'expired') return t('ground.answer.expired');
  return ground.state === 'none' ? undefined : t('ground.answer.objected');
}

/** Why we may, or no longer do, and the right to object. Nothing for a consent: its own words are shown. */
export function groundSentences(ground: SpokenGround, locale: Locale): string[] {
  if (standsOnConsent(ground) || ground.basis === null || ground.basis === 'consent') return [];
  const t = translator(locale);
  const state = ground.state === 'pending' ? ground.settledState : ground.state;
  if (state === 'none') return [];
  if (state === 'expired') return [t('ground.expired')];
  if (state !== 'granted') {
    const at = ground.since ? dateText(ground.since, locale) : '';
    return [at ? t('ground.objected', { at }) : t('ground.objected.undated'), t('ground.objected.kept')];
  }
  return [statementOf(ground, ground.basis, locale), t(`ground.right.${ground.basis}`)];
}

function statementOf(ground: SpokenGround, basis: Exclude<Basis, 'consent'>, locale: Locale): string {
  const t = translator(locale);
  const { title, saleAt, productLine, reasonCode, subject, source, recordedAt } = ground;
  switch (basis) {
    case 'existing_customer':
      return saleAt && productLine
        ? t('ground.existing_customer', { at: dateText(saleAt, locale), goods: productLine })
        : t('ground.existing_customer.unknown');
    case 'presumed': {
      const occasion = occasions.find((one) => one === reasonCode) ?? 'other';
      const at = recordedAt ?? ground.since;
      return t('ground.presumed', {
        occasion: t(`ground.occasion.${occasion}`),
        at: at ? dateText(at, locale) : '',
        subject: subject ?? productLine ?? title,
      });
    }
    case 'legitimate_interest': {
      const goods = productLine ?? title;
      return source
        ? t('ground.legitimate_interest', { goods, source })
        : t('ground.legitimate_interest.unknown', { goods });
    }
  }
}

const occasions = [
  'existing_business_relation',
  'concrete_request',
  'handed_over_card',
  'referral_named_person',
  'prior_contact_same_subject',
] as const;
