import { createHash } from 'node:crypto';
import type { Db } from '#db/connect.ts';

/** One sentence for each approved consent text and published form that is no longer what its hash says. */
export async function verifyWords(db: Db): Promise<string[]> {
  const texts = await db
    .selectFrom('consent_text_versions')
    .select(['id', 'wording as words', 'sha256'])
    .where('approved_at', 'is not', null)
    .execute();
  const forms = await db
    .selectFrom('form_versions')
    .select(['id', 'definition as words', 'sha256'])
    .execute();
  return [
    ...texts.filter(isOther).map(({ id }) => `Consent text version ${id} does not fit its hash.`),
    ...forms.filter(isOther).map(({ id }) => `Form version ${id} does not fit its hash.`),
  ];
}

function isOther({ words, sha256 }: { words: string; sha256: string }): boolean {
  return createHash('sha256').update(words, 'utf8').digest('hex') !== sha256;
}
