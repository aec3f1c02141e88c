import type { Locale } from '#db/schema/vocabulary.ts';
import { type Chance, chance } from './chance.ts';

/** One visitor of a form who signed up, and what they did then. Invented, every one of them. */
export interface PlannedSignup {
  form: 'newsletter' | 'fair';
  /** Minutes after the beginning of the first day. */
  minute: number;
  number: number;
  locale: Locale;
  source: string | null;
  page: string | null;
  consents: string[];
  /** The mail server does not know the address. */
  refused: boolean;
  then: 'confirm' | 'code' | 'reject' | 'nothing';
  afterMinutes: number;
  /** Days until they withdraw everything; null: they stay. */
  staysDays: number | null;
}

export interface PlannedDay {
  signups: PlannedSignup[];
  /** How often each form was shown besides, by page. */
  shown: { form: 'newsletter' | 'fair'; source: string | null; page: string | null; times: number }[];
}

const start = 'http://localhost:8080/';
const news = `${start}aktuelles`;
const tools = `${start}akkuschrauber`;
const spring = 'fruehjahrsbrief';
const fair = 'messe-hannover';

/**
 * A year of a company that sells tools: quiet weekends and holidays, a letter in spring that brings many, a fair in
 * autumn, and after a mailing that went too far a week in which people leave.
 */
export function planYear(days: number, seed = 2026): PlannedDay[] {
  const luck = chance(seed);
  let number = 0;
  return Array.from({ length: days }, (_, day) => {
    const share = day / Math.max(1, days - 1);
    const signups: PlannedSignup[] = [];
    for (const form of ['newsletter', 'fair'] as const) {
      for (let count = signupsOn(luck, form, day, share); count > 0; count -= 1) {
        number += 1;
        signups.push(plan(luck, form, { day, share, number }));
      }
    }
    return { signups: signups.toSorted((a, b) => a.minute - b.minute), shown: shownBy(luck, signups) };
  });
}

function signupsOn(luck: Chance, form: PlannedSignup['form'], day: number, share: number): number {
  const weekend = day % 7 >= 5;
  const usual = form === 'newsletter' ? 3.2 + 2.4 * share : 0.25;
  const letter = form === 'newsletter' && inSpring(share) ? 9 * (1 - (share - 0.35) / 0.1) : 0;
  const stand = form === 'fair' && atFair(share) ? 26 : 0;
  const holidays = share > 0.64 && share < 0.73 ? 0.6 : 1;
  const mean = (usual + letter) * (weekend ? 0.45 : 1) * holidays + stand;
  return Math.floor(mean * (0.6 + 0.8 * luck.next()) + luck.next());
}

const inSpring = (share: number) => share >= 0.35 && share < 0.45;
const atFair = (share: number) => share >= 0.82 && share < 0.835;

function plan(
  luck: Chance,
  form: PlannedSignup['form'],
  { day, share, number }: { day: number; share: number; number: number },
): PlannedSignup {
  const hour = luck.pick([7, 9, 10, 11, 12, 14, 16, 18, 20, 21].map((one): [number, number] => [one, 1]));
  const source = sourceOf(luck, form, share);
  const then = luck.pick<PlannedSignup['then']>([
    ['confirm', form === 'fair' ? 52 : 61],
    ['code', 7],
    ['reject', 2],
    ['nothing', form === 'fair' ? 39 : 30],
  ]);
  const unhappy = share > 0.55 && share < 0.56;
  return {
    form,
    minute: day * 1440 + hour * 60 + luck.whole(0, 59),
    number,
    locale: luck.pick([
      ['de', 9],
      ['en', 1],
    ]),
    source,
    page:
      form === 'fair'
        ? null
        : luck.pick([
            [start, 4],
            [news, 3],
            [tools, 2],
            [null, 1],
          ]),
    consents: consentsOf(luck, form),
    refused: luck.next() < 0.025,
    then,
    afterMinutes: Math.min(
      68 * 60,
      Math.max(1, Math.round(then === 'code' ? luck.late(2, 0.4) : luck.late(9, 1.9))),
    ),
    staysDays: luck.next() < (unhappy ? 0.5 : 0.17) ? Math.round(luck.late(70, 0.9)) + 1 : null,
  };
}

function sourceOf(luck: Chance, form: PlannedSignup['form'], share: number): string | null {
  if (form === 'fair') return atFair(share) ? fair : null;
  return luck.pick<string | null>([
    [null, 6],
    ['website', 3],
    ['linkedin', 1],
    [spring, inSpring(share) ? 14 : 0],
  ]);
}

function consentsOf(luck: Chance, form: PlannedSignup['form']): string[] {
  const likely: [string, number][] =
    form === 'newsletter'
      ? [
          ['product-news:email', 0.95],
          ['event-invitations:email', 0.4],
          ['partner-offers:email', 0.12],
        ]
      : [
          ['product-news:email', 0.8],
          ['product-news:post', 0.3],
          ['event-invitations:email', 0.55],
          ['service-calls:phone', 0.35],
        ];
  const asked = likely.filter(([, share]) => luck.next() < share).map(([value]) => value);
  return asked.length > 0 ? asked : ['product-news:email'];
}

/** Most who look at a form go on without it. */
function shownBy(luck: Chance, signups: PlannedSignup[]): PlannedDay['shown'] {
  return signups.map(({ form, source, page }) => ({
    form,
    source,
    page,
    times: form === 'fair' ? luck.whole(1, 2) : luck.whole(5, 14),
  }));
}
