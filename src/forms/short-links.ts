import { randomInt } from 'node:crypto';
import type { Db } from '#db/connect.ts';
import { isUniqueViolation } from '#db/errors.ts';
import type { FormShortLinkTable } from '#db/schema/kiosks.ts';
import type { App } from '#src/app/app.ts';
import { unreadableFault } from '#src/people/hidden-characters.ts';
import type { Actor } from '#src/staff/actor.ts';
import { type ManageFormResult, manageForm } from './manage-form.ts';

export const maxSourceLength = 60;

export type AddShortLinkResult =
  | ManageFormResult
  | { outcome: 'added'; code: string }
  | { outcome: 'faulty' };

/** A short link for print, with a capture source. */
export async function addShortLink(
  app: App,
  actor: Actor,
  key: string,
  typed: string,
): Promise<AddShortLinkResult> {
  const source = typed.trim().replace(/\s+/g, ' ');
  if (source === '' || [...source].length > maxSourceLength || unreadableFault(source)) {
    return { outcome: 'faulty' };
  }
  const code = newCode();
  const act = () =>
    manageForm(app, actor, key, 'form.short_link', async (tx, form, at) => {
      const row = { code, form_id: form.id, source, created_at: at };
      await tx.insertInto('form_short_links').values(row).execute();
      return { code, source };
    });
  const result = await act().catch((error) => {
    if (isUniqueViolation(error)) return undefined;
    throw error;
  });
  if (!result) return addShortLink(app, actor, key, typed);
  return result.outcome === 'done' ? { outcome: 'added', code } : result;
}

export async function shortLinksOf(db: Db, key: string): Promise<FormShortLinkTable[]> {
  return db
    .selectFrom('form_short_links')
    .innerJoin('forms', 'forms.id', 'form_short_links.form_id')
    .selectAll('form_short_links')
    .where('forms.key', '=', key)
    .orderBy('form_short_links.created_at', 'desc')
    .execute();
}

/** Case-insensitive, because people type it. */
export async function findShortLink(
  db: Db,
  code: string,
): Promise<{ form: string; source: string } | undefined> {
  if (!/^[A-Z\d]{5,10}$/i.test(code)) return undefined;
  return db
    .selectFrom('form_short_links')
    .innerJoin('forms', 'forms.id', 'form_short_links.form_id')
    .select(['forms.key as form', 'form_short_links.source'])
    .where('form_short_links.code', '=', code.toUpperCase())
    .executeTakeFirst();
}

/** Without 0, O, 1, I and L, which look alike, and without vowels, which form words. */
const letters = '23456789BCDFGHJKMNPQRSTVWXZ';

function newCode(): string {
  return Array.from({ length: 6 }, () => letters[randomInt(letters.length)]).join('');
}
