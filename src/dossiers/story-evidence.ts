import type { Db } from '#db/connect.ts';
import { isOneOf } from '#db/key-lists.ts';
import type { EvidenceContent } from '#src/evidence/record-evidence.ts';
import type { FormDefinition } from '#src/forms/form-definition.ts';
import { inLocale } from '#src/i18n/locales.ts';
import type { PersonWithKey } from '#src/people/contact-points.ts';
import { decryptText } from '#src/people/encryption.ts';
import type { StoryBox, StoryEvidence, StoryField } from './story-events.ts';

/** The evidence with these ids, opened with the key of its person. */
export async function readEvidence(
  db: Db,
  person: PersonWithKey,
  ids: string[],
): Promise<Map<string, StoryEvidence>> {
  const rows = await db
    .selectFrom('evidence')
    .select(['id', 'commitment', 'content_enc'])
    .where(isOneOf(db, 'id', [...new Set(ids)]))
    .where('person_id', '=', person.id)
    .execute();
  return new Map(
    rows.map(({ id, commitment, content_enc }) => {
      const salted = content_enc === null ? null : decryptText(person.key, content_enc);
      return [id, { id, commitment, salted, content: salted === null ? null : contentOf(salted) }];
    }),
  );
}

function contentOf(salted: string): EvidenceContent {
  const { salt: _, ...content } = JSON.parse(salted) as EvidenceContent & { salt: string };
  return content;
}

/** Of a form: every box that it showed. Of anything else: what was agreed to. */
export function boxesIn(content: EvidenceContent, form: FormDefinition | undefined): StoryBox[] {
  const ticked = content.consents.map(({ value, wording, sha256, text_version }) => ({
    value,
    label: wording,
    sha256,
    textVersion: text_version,
    ticked: true,
  }));
  const others = (content.act === 'request' && form ? form.consents : [])
    .filter(({ value }) => !ticked.some((box) => box.value === value))
    .map(({ value, texts }) => {
      const { wording, sha256, ref } = inLocale(texts, content.locale);
      return { value, label: wording, sha256, textVersion: ref, ticked: false };
    });
  const order = form?.consents.map(({ value }) => value) ?? [];
  return [...ticked, ...others].sort((a, b) => order.indexOf(a.value) - order.indexOf(b.value));
}

const notTyped = ['consent', 'form_version', 'scan_base64'];

/** What stands in no box. */
export function fieldsIn({ typed = {} }: EvidenceContent): StoryField[] {
  return Object.entries(typed)
    .filter(([name]) => !notTyped.includes(name))
    .map(([name, value]) => ({ name, value: [value].flat().join(', ') }));
}
