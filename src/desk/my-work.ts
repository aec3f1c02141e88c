import { type RawBuilder, sql } from 'kysely';
import type { App } from '#src/app/app.ts';
import { promisedEnd } from '#src/consent-texts/promised-end.ts';
import { paths } from '#src/routes.ts';
import type { Actor } from '#src/staff/actor.ts';
import { type Ability, mayDo } from '#src/staff/roles.ts';
import type { Area } from './areas.ts';

/** A kind of work that waits at the desks. */
interface WorkKind {
  name: string;
  area: Area;
  href: string;
  /** Who can do it: for others it does not wait. */
  ability: Ability;
  count: (me: string) => RawBuilder<number>;
}

/**
 * In the order of their urgency; a new kind is an entry here and a message `work.…`. Two people principle: what I wrote,
 * filed or made myself does not wait for me. Constants are written out: SQLite needs them to choose a partial index.
 */
const kinds = [
  {
    name: 'alarms',
    area: 'forms',
    href: paths.staffForms(),
    ability: 'forms.write',
    count: () => sql`(select count(*) from form_alarms where seen_at is null)`,
  },
  {
    name: 'failed_mails',
    area: 'mails',
    href: paths.staffMails(),
    ability: 'mails.send',
    count: () => sql`(select count(*) from mails where state = 'failed')`,
  },
  {
    name: 'dead_webhooks',
    area: 'webhooks',
    href: paths.staffWebhooks(),
    ability: 'webhooks.write',
    count: () => sql`(select count(*) from webhooks join webhook_deliveries as delivery
      on delivery.webhook_id = webhooks.id and delivery.state = 'dead')`,
  },
  {
    name: 'keys',
    area: 'keys',
    href: paths.staffKeys(),
    ability: 'keys.approve',
    count: (me) => sql`(select count(*) from api_keys where revoked_at is null and approved_by is null
      and made_by <> ${me} and ' ' || scopes || ' ' like '% admin %')`,
  },
  {
    name: 'customer_rules',
    area: 'customers',
    href: paths.staffCustomers(),
    ability: 'customers.write',
    count: (me) => sql`(select count(*) from customer_rules
      where approved_at is null and retired_at is null and proposed_by <> ${me})`,
  },
  {
    name: 'text_reviews',
    area: 'texts',
    href: paths.staffTexts(),
    ability: 'texts.approve',
    count: (me) => sql`(select count(*) from consent_text_versions
      where state = 'in_review' and coalesce(author_id, '') <> ${me})`,
  },
  {
    name: 'approved_texts',
    area: 'texts',
    href: paths.staffTexts(),
    ability: 'texts.approve',
    count: () => sql`(select count(*) from consent_text_versions where state = 'approved')`,
  },
  {
    name: 'texts_to_recheck',
    area: 'texts',
    href: paths.staffTexts(),
    ability: 'texts.write',
    count: () => sql`(select count(*) from consent_text_versions where state = 'live' and review_needed = 1)`,
  },
  {
    name: 'imports',
    area: 'imports',
    href: paths.staffImports(),
    ability: 'imports.release',
    count: (me) => sql`(select count(*) from imports where state = 'waiting' and filed_by <> ${me})`,
  },
  {
    name: 'own_imports',
    area: 'imports',
    href: paths.staffImports(),
    ability: 'imports.file',
    count: (me) => sql`(select count(*) from imports where state = 'mapping' and filed_by = ${me})`,
  },
  {
    name: 'letters',
    area: 'letters',
    href: paths.staffLetters(),
    ability: 'letters.print',
    count: () => sql`(select count(*) from letters where state = 'waiting')`,
  },
  {
    name: 'printed_letters',
    area: 'letters',
    href: paths.staffLetters(),
    ability: 'letters.print',
    count: () => sql`(select count(*) from letters where state = 'printed')`,
  },
] as const satisfies WorkKind[];

export type WorkName = (typeof kinds)[number]['name'] | 'ending_texts' | 'ending_permissions';

export interface WorkItem {
  name: WorkName;
  area: Area;
  href: string;
  count: number;
}

/** What waits for this member of staff, the most urgent first; only kinds of which there is something. One statement. */
export async function waitingWork({ db }: Pick<App, 'db'>, me: Actor): Promise<WorkItem[]> {
  const own = kinds.filter(({ ability }) => mayDo(me.role, ability));
  if (own.length === 0) return [];
  const counts = await db
    .selectNoFrom(own.map(({ name, count }) => count(me.id).as(name)))
    .executeTakeFirstOrThrow();
  return own
    .map(({ name, area, href }) => ({ name, area, href, count: Number(counts[name]) }))
    .filter(({ count }) => count > 0);
}

const endingDays = 30;

/** Texts and permissions that end within 30 days by their own words, for those who can do something about it. */
export async function endingSoon({ db, now }: Pick<App, 'db' | 'now'>, me: Actor): Promise<WorkItem[]> {
  const at = now();
  const span = { from: at.toISOString(), to: new Date(at.getTime() + endingDays * 86_400_000).toISOString() };
  const texts = mayDo(me.role, 'texts.write') ? await countEndingTexts(db, span) : 0;
  const permissions = mayDo(me.role, 'permissions.capture') ? await countEndingPermissions(db, span) : 0;
  const items: WorkItem[] = [
    { name: 'ending_texts', area: 'texts', href: paths.staffTexts(), count: texts },
    {
      name: 'ending_permissions',
      area: 'permissions',
      href: paths.staffExpiry(),
      count: permissions,
    },
  ];
  return items.filter(({ count }) => count > 0);
}

interface Span {
  from: string;
  to: string;
}

/** Live texts that ask for a permission until a day of this span. */
async function countEndingTexts(db: App['db'], { from, to }: Span): Promise<number> {
  const live = await db
    .selectFrom('consent_texts')
    .innerJoin('consent_text_versions as version', 'version.id', 'consent_texts.live_version_id')
    .select(['version.wording', 'consent_texts.locale'])
    .execute();
  return live.filter(({ wording, locale }) => {
    const end = promisedEnd(wording, locale);
    return end && 'until' in end && end.until > from && end.until <= to;
  }).length;
}

async function countEndingPermissions(db: App['db'], { from, to }: Span): Promise<number> {
  const { count } = await db
    .selectFrom('permissions')
    .select((eb) => eb.fn.countAll().as('count'))
    .where('settled_state', '=', sql.lit('granted'))
    .where('valid_until', '>', from)
    .where('valid_until', '<=', to)
    .executeTakeFirstOrThrow();
  return Number(count);
}
