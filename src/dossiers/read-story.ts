import type { Db } from '#db/connect.ts';
import type { ContactPointTable } from '#db/schema/people.ts';
import type { Locale } from '#db/schema/vocabulary.ts';
import type { App } from '#src/app/app.ts';
import { ownId } from '#src/ids/public-id.ts';
import { readCheckpointText } from '#src/log/checkpoint.ts';
import { newestCheckpoint } from '#src/log/log-status.ts';
import type { PersonWithKey } from '#src/people/contact-points.ts';
import { findByAddress, parseAddress } from '#src/people/find-by-address.ts';
import { findOwner, isUnlisted } from '#src/people/find-owner.ts';
import { readBlocks } from './read-blocks.ts';
import { readEvents } from './read-events.ts';
import { readFiles } from './read-files.ts';
import { readForms } from './read-forms.ts';
import { readImports } from './read-imports.ts';
import { readLetters } from './read-letters.ts';
import { readMails } from './read-mails.ts';
import { readOutside } from './read-outside.ts';
import { readControllers, readPermissions } from './read-permissions.ts';
import { describePerson, readPersonEvents } from './read-person.ts';
import { readTexts } from './read-texts.ts';
import type { Story, StoryCheckpoint } from './story.ts';
import { placesIn } from './story-places.ts';

/** Whose story, or of which permission. `permissionId`: `per_…` or the id of the row. */
export type StorySubject = { permissionId: string } | { contactPointId: string } | { address: string };

export type StoryResult =
  | { outcome: 'read'; story: Story; person: PersonWithKey }
  /** Nothing is known of it, was known by then, or is known any more: its person was erased. */
  | { outcome: 'unknown' }
  | { outcome: 'not_an_address' }
  /** Several people have this number or letter box. */
  | { outcome: 'shared' };

type Reads = Pick<App, 'db' | 'keys' | 'config'>;

/** Everything known of a permission, or of a person, as of a moment (ISO). Writes nothing. */
export async function readStory(app: Reads, subject: StorySubject, at: string): Promise<StoryResult> {
  const found = await findSubject(app, subject);
  if (found.outcome !== 'found') return found;
  const story = await storyOf(app, found, at);
  const isKnown =
    story.permissions.length > 0 || (found.permission === null && story.person.contactPoints.length > 0);
  return isKnown ? { outcome: 'read', story, person: found.person } : { outcome: 'unknown' };
}

interface Found {
  outcome: 'found';
  person: PersonWithKey;
  locale: Locale;
  /** Null: everything about the person. */
  permission: { id: string; contactPointId: string; about: string } | null;
}

type FindResult = Found | Exclude<StoryResult, { outcome: 'read' }>;

async function findSubject({ db, keys }: Reads, subject: StorySubject): Promise<FindResult> {
  if ('address' in subject) {
    const addresses = parseAddress(keys, subject.address);
    if (addresses.length === 0) return { outcome: 'not_an_address' };
    const [owner, ...others] = await findByAddress(db, keys, addresses);
    if (!owner) return { outcome: 'unknown' };
    if (others.length > 0) return { outcome: 'shared' };
    return { outcome: 'found', person: owner.person, locale: owner.locale, permission: null };
  }
  const permission = 'permissionId' in subject ? await findPermission(db, subject.permissionId) : null;
  const pointId = 'contactPointId' in subject ? subject.contactPointId : permission?.contactPointId;
  const owner = pointId === undefined ? undefined : await findOwner(db, keys, pointId);
  if (!owner || isUnlisted(owner)) return { outcome: 'unknown' };
  return { outcome: 'found', person: owner.person, locale: owner.locale, permission: permission ?? null };
}

async function findPermission(db: Db, id: string) {
  const row = await db
    .selectFrom('permissions')
    .innerJoin('purposes', 'purposes.id', 'permissions.purpose_id')
    .select(['permissions.id', 'permissions.contact_point_id', 'permissions.channel', 'purposes.key'])
    .where('permissions.id', '=', ownId('permission', id) ?? id)
    .executeTakeFirst();
  return row && { id: row.id, contactPointId: row.contact_point_id, about: `${row.key}:${row.channel}` };
}

async function storyOf(app: Reads, { person, locale, permission }: Found, at: string): Promise<Story> {
  const { db, keys } = app;
  const points = await contactPointsOf(db, person.id);
  const pointIds = points.map(({ id }) => id);
  const permissionIds = permission ? [permission.id] : await permissionsOf(db, pointIds);
  const events = await readEvents(db, person, permissionIds, at);
  const signupIds = [...new Set(events.flatMap(({ signupId }) => signupId ?? []))];
  const about = permission?.about ?? null;
  const [texts, mails] = await Promise.all([
    readTexts(db, events, at),
    readMails(app, person, { signupIds: permission && signupIds, about }, at),
  ]);
  const permissions = await readPermissions(db, pointIds, events, texts, at);
  const shown = points.filter(
    ({ id, created_at }) =>
      permissions.some(({ contactPointId }) => contactPointId === id) ||
      (permission
        ? mails.some(({ contactPointId, signupId }) => contactPointId === id && signupId !== null)
        : created_at <= at),
  );
  const described = await describePerson(db, { person, locale }, shown, events, at);
  const controllerIds = permissions.map(({ controllerId }) => controllerId);
  const [controllers, personEvents, blocks, letters, files, forms, imports, checkpoint] = await Promise.all([
    readControllers(db, controllerIds, at),
    readPersonEvents(app, person, at),
    readBlocks(db, keys, shown, described.contactPoints, at),
    readLetters(db, person, about, at),
    readFiles(db, person, events, at),
    readForms(db, events, at),
    readImports(db, events, at),
    readCheckpoint(db),
  ]);
  const documents = { mails, letters, files, texts, forms, imports };
  const told = { controllers, permissions, events, personEvents, blocks, ...documents };
  const story: Story = {
    at,
    about: permission ? 'permission' : 'person',
    person: described,
    ...told,
    checkpoint,
    outside: [],
  };
  const last = Math.max(-1, ...placesIn(story).map(({ index }) => index));
  return { ...story, outside: last < 0 ? [] : await readOutside(db, last) };
}

function contactPointsOf(db: Db, personId: string): Promise<ContactPointTable[]> {
  return db
    .selectFrom('contact_points')
    .selectAll()
    .where('person_id', '=', personId)
    .where('erased_at', 'is', null)
    .orderBy('created_at')
    .orderBy('id')
    .execute();
}

async function permissionsOf(db: Db, contactPointIds: string[]): Promise<string[]> {
  if (contactPointIds.length === 0) return [];
  const rows = await db
    .selectFrom('permissions')
    .select('id')
    .where('contact_point_id', 'in', contactPointIds)
    .execute();
  return rows.map(({ id }) => id);
}

async function readCheckpoint(db: Db): Promise<StoryCheckpoint | null> {
  const newest = await newestCheckpoint(db);
  if (!newest) return null;
  const { size, root, at, note } = newest;
  const origin = readCheckpointText(note.slice(0, note.lastIndexOf('\n\n') + 1))?.origin ?? '';
  return { origin, size: Number(size), root, at, note };
}
