import { createHash } from 'node:crypto';
import type { Db } from '#db/connect.ts';
import type { Locale } from '#db/schema/vocabulary.ts';
import type { LedgerFault } from './ledger-fault.ts';

/** A fault for each approved consent text, published form or page of one that does not match its hash any more. */
export async function verifyWords(db: Db): Promise<LedgerFault[]> {
  const texts = await db
    .selectFrom('consent_text_versions')
    .select(['id', 'wording as words', 'sha256'])
    .where('approved_at', 'is not', null)
    .execute();
  const forms = await db
    .selectFrom('form_versions')
    .select(['id', 'definition as words', 'sha256'])
    .execute();
  const pages = await db
    .selectFrom('form_version_pages')
    .innerJoin('form_versions', 'form_versions.id', 'form_version_pages.version_id')
    .select(['version_id as id', 'locale', 'html as words', 'form_version_pages.sha256', 'definition'])
    .execute();
  return [
    ...texts.filter(isOther).map(({ id }) => ({
      table: 'consent_text_versions',
      id,
      message: `Consent text version ${id} does not fit its hash.`,
    })),
    ...forms.filter(isOther).map(({ id }) => ({
      table: 'form_versions',
      id,
      message: `Form version ${id} does not fit its hash.`,
    })),
    ...pages
      .filter((page) => isOther(page) || page.sha256 !== namedHash(page))
      .map(({ id, locale }) => ({
        table: 'form_version_pages',
        id,
        message: `What form version ${id} shows in "${locale}" does not fit its hash.`,
      })),
  ];
}

function isOther({ words, sha256 }: { words: string; sha256: string }): boolean {
  return createHash('sha256').update(words, 'utf8').digest('hex') !== sha256;
}

/** The hash as the version itself records it, so that a page cannot be replaced together with its own hash. */
function namedHash({ definition, locale, sha256 }: { definition: string; locale: Locale; sha256: string }) {
  const { shown } = JSON.parse(definition) as { shown?: Partial<Record<Locale, string>> };
  return shown ? shown[locale] : sha256;
}
