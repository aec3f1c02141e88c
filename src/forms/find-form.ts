import type { Db } from '#db/connect.ts';
import { preparedByKey } from '#db/prepared-by-key.ts';
import type { FormTable, FormVersionTable } from '#db/schema/forms.ts';
import { type FormVersion, type PublishedForm, readDefinition } from './form-definition.ts';
import { type SwitchColumns, switchesOf } from './form-switches.ts';

/** `undefined` if no form is published under this key. */
export async function findForm(db: Db, key: string): Promise<PublishedForm | undefined> {
  const [form] = await formByKey(db, key);
  if (!form?.current_version_id) return undefined;
  const version = await findFormVersion(db, form.current_version_id);
  return version && published(form, version);
}

const formByKey = preparedByKey((db, isAsked) =>
  db
    .selectFrom('forms')
    .leftJoin('form_switches', 'form_switches.form_id', 'forms.id')
    .selectAll('forms')
    .select(['forms.key as asked', 'closed_words', 'proof_of_work', 'limits', 'test_since'])
    .where(isAsked('forms.key')),
);

/** Any version of any form. */
export async function findFormVersion(db: Db, id: string): Promise<FormVersion | undefined> {
  const cached = versions.get(id);
  if (cached) return cached;
  const row = await db.selectFrom('form_versions').selectAll().where('id', '=', id).executeTakeFirst();
  return row && remember(row);
}

// A cache: versions never change, and their ids are unique across databases.
const versions = new Map<string, FormVersion>();
const mostVersions = 500;

function remember(row: FormVersionTable): FormVersion {
  const version: FormVersion = {
    id: row.id,
    number: row.number,
    sha256: row.sha256,
    definition: readDefinition(row.definition),
  };
  if (versions.size >= mostVersions) versions.clear();
  versions.set(row.id, version);
  return version;
}

function published(form: FormTable & SwitchColumns, version: FormVersion): PublishedForm {
  return {
    id: form.id,
    key: form.key,
    controllerId: form.controller_id,
    defaultLocale: form.default_locale,
    allowedOrigins: JSON.parse(form.allowed_origins) as string[],
    confirmWithinHours: form.confirm_within_hours,
    closedAt: form.closed_at,
    archivedAt: form.archived_at,
    switches: switchesOf(form),
    version,
  };
}
