import type { Tx } from '#db/connect.ts';
import { isUniqueViolation } from '#db/errors.ts';
import type { App } from '#src/app/app.ts';
import { newId } from '#src/ids/new-id.ts';
import { type Actor, requireAbility } from '#src/staff/actor.ts';
import { recordAudit } from '#src/staff/audit.ts';
import { emptyDraft, type FormDraft, loadDraft } from './form-draft.ts';

export type CreateFormResult =
  | { outcome: 'created' }
  | { outcome: 'key_taken' | 'key_faulty' | 'unknown_controller' | 'unknown_form' };

/** Creates an unpublished form. Its key is its permanent address. */
export async function createForm(
  app: Pick<App, 'db' | 'now'>,
  actor: Actor,
  { key, controller }: { key: string; controller: string },
): Promise<CreateFormResult> {
  return onNewKey(app, actor, key, async (tx) => {
    const found = await tx
      .selectFrom('controllers')
      .select('id')
      .where('key', '=', controller)
      .executeTakeFirst();
    if (!found) return 'unknown_controller';
    return { controllerId: found.id, draft: emptyDraft, act: 'form.created', details: { controller } };
  });
}

/** Copies a form under a new key, unpublished. */
export async function copyForm(
  app: Pick<App, 'db' | 'now'>,
  actor: Actor,
  from: string,
  key: string,
): Promise<CreateFormResult> {
  return onNewKey(app, actor, key, async (tx) => {
    const form = await tx
      .selectFrom('forms')
      .select(['id', 'controller_id'])
      .where('key', '=', from)
      .executeTakeFirst();
    if (!form) return 'unknown_form';
    const { draft } = await loadDraft(tx, form.id);
    return { controllerId: form.controller_id, draft, act: 'form.copied', details: { from } };
  });
}

interface NewForm {
  controllerId: string;
  draft: FormDraft;
  act: string;
  details: Record<string, unknown>;
}

async function onNewKey(
  { db, now }: Pick<App, 'db' | 'now'>,
  actor: Actor,
  key: string,
  prepare: (tx: Tx) => Promise<NewForm | 'unknown_controller' | 'unknown_form'>,
): Promise<CreateFormResult> {
  requireAbility(actor, 'forms.write');
  if (!/^[a-z\d](?:[a-z\d-]{0,48}[a-z\d])?$/.test(key) || key === 'new') return { outcome: 'key_faulty' };
  const at = now().toISOString();
  return db
    .transaction()
    .execute(async (tx): Promise<CreateFormResult> => {
      const form = await prepare(tx);
      if (typeof form === 'string') return { outcome: form };
      await addForm(tx, key, form, actor, at);
      await recordAudit(tx, at, actor, form.act, `form:${key}`, form.details);
      return { outcome: 'created' };
    })
    .catch((error) => (isUniqueViolation(error) ? { outcome: 'key_taken' } : Promise.reject(error)));
}

async function addForm(
  tx: Tx,
  key: string,
  { controllerId, draft }: NewForm,
  actor: Actor,
  at: string,
): Promise<void> {
  const id = newId();
  await tx
    .insertInto('forms')
    .values({
      id,
      key,
      controller_id: controllerId,
      default_locale: draft.defaultLocale,
      allowed_origins: '[]',
      confirm_within_hours: 72,
      current_version_id: null,
      closed_at: null,
      created_at: at,
      archived_at: null,
    })
    .execute();
  await tx
    .insertInto('form_drafts')
    .values({
      form_id: id,
      draft: JSON.stringify(draft),
      revision: 1,
      changed_at: at,
      changed_by: actor.name,
    })
    .execute();
}
