import type { Channel } from '#db/schema/vocabulary.ts';
import type { App } from '#src/app/app.ts';
import { listControllers } from '#src/controllers/controller.ts';
import { listForms } from '#src/forms/list-forms.ts';
import { inLocale } from '#src/i18n/locales.ts';
import type { Translate } from '#src/i18n/translate.ts';
import { lookUpAddress } from '#src/permissions/look-up-address.ts';
import { loadPurposes } from '#src/purposes/purpose.ts';
import { paths } from '#src/routes.ts';
import type { Actor } from '#src/staff/actor.ts';
import { listStaff } from '#src/staff/change-staff.ts';
import { mayDo } from '#src/staff/roles.ts';
import { areasOf } from './areas.ts';

export const searchKinds = ['page', 'purpose', 'text', 'form', 'controller', 'staff'] as const;

/** Something of the desks that was found. */
export interface SearchHit {
  kind: (typeof searchKinds)[number];
  href: string;
  label: string;
  hint?: string;
}

/** Who was found at an address or a number; for a number each channel it can stand for is looked at. */
export type PeopleFound =
  | { outcome: 'found'; contactPointIds: string[] }
  | { outcome: 'unknown'; channel: Channel }
  | { outcome: 'not_asked' };

/**
 * People by their exact address or number, if the role may look them up; the look-up is audited, what was typed is kept
 * nowhere. A name of a person finds nobody: names are encrypted.
 */
export async function searchPeople(app: App, actor: Actor, typed: string): Promise<PeopleFound> {
  const channels = channelsOf(typed);
  const [firstChannel] = channels;
  if (!firstChannel || !mayDo(actor.role, 'permissions.read')) return { outcome: 'not_asked' };
  for (const channel of channels) {
    const result = await lookUpAddress(app, actor, typed, channel);
    if (result.outcome === 'found') return result;
  }
  return { outcome: 'unknown', channel: firstChannel };
}

function channelsOf(typed: string): Channel[] {
  if (typed.includes('@')) return ['email'];
  return /^(?:\+|00?)?[\d ()/.-]{5,}$/.test(typed) ? ['phone', 'sms', 'fax'] : [];
}

/** Pages, purposes, texts, forms, companies and colleagues that contain each word and that the role may open. */
export async function searchDesk(app: App, actor: Actor, t: Translate, typed: string): Promise<SearchHit[]> {
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return [];
  const found = [
    ...pages(actor, t),
    ...(await purposesAndTexts(app, t)),
    ...(await forms(app, t)),
    ...(await controllers(app)),
    ...(await colleagues(app, actor, t)),
  ];
  return found.filter(({ label, hint = '' }) => {
    const text = `${label} ${hint}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
}

function pages(actor: Actor, t: Translate): SearchHit[] {
  return areasOf(actor.role).map(({ name, href }) => ({
    kind: 'page',
    href,
    label: t(`staff.nav.${name}`),
    hint: t(`staff.area.${name}`),
  }));
}

async function purposesAndTexts({ db }: App, t: Translate): Promise<SearchHit[]> {
  const purposes = await loadPurposes(db);
  const texts = await db
    .selectFrom('consent_texts')
    .leftJoin('consent_text_versions as live', 'live.id', 'consent_texts.live_version_id')
    .select(['consent_texts.purpose_id', 'consent_texts.channel', 'consent_texts.locale', 'live.wording'])
    .orderBy('consent_texts.channel')
    .orderBy('consent_texts.locale')
    .execute();
  return purposes.flatMap((purpose): SearchHit[] => {
    const title = inLocale(purpose.titles, t.locale);
    const own = texts.filter((text) => text.purpose_id === purpose.id);
    return [
      { kind: 'purpose', href: paths.staffPurpose(purpose.key), label: title, hint: purpose.key },
      ...own.map(({ channel, locale, wording }) => ({
        kind: 'text' as const,
        href: paths.staffText(purpose.key, channel, locale),
        label: `${title}: ${t(`channel.${channel}`)} (${locale})`,
        hint: wording ?? undefined,
      })),
    ];
  });
}

async function forms({ db, now }: App, t: Translate): Promise<SearchHit[]> {
  const all = await listForms(db, now().toISOString());
  return all.map(({ key, titles }) => ({
    kind: 'form',
    href: paths.staffForm(key),
    label: titles[t.locale] || Object.values(titles).find(Boolean) || key,
    hint: key,
  }));
}

async function controllers({ db }: App): Promise<SearchHit[]> {
  const all = await listControllers(db);
  return all.map(({ key, legal_name, address }) => ({
    kind: 'controller',
    href: paths.staffController(key),
    label: legal_name,
    hint: address,
  }));
}

async function colleagues(app: App, actor: Actor, t: Translate): Promise<SearchHit[]> {
  if (!mayDo(actor.role, 'staff.read')) return [];
  const all = await listStaff(app, actor);
  return all.map(({ id, name, role }) => ({
    kind: 'staff',
    href: paths.staffMember(id),
    label: name,
    hint: t(`staff.role.${role}`),
  }));
}
