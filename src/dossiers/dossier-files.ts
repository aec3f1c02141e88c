import { utf8 } from '#src/verifier/bytes.ts';
import type { Files } from '#src/verifier/file-list.ts';
import type { Story } from './story.ts';
import type { StoryEvidence } from './story-events.ts';

/**
 * The story as files. Those below `evidence/`, `form/`, `texts/` and `scans/` are, byte for byte, what the log has committed
 * to: their SHA-256 stands in an entry.
 *
 * @param readScan the bytes of a scan or recording; `undefined` when it is not stored here
 */
export async function dossierFiles(
  story: Story,
  readScan: (sha256: string) => Promise<Uint8Array | undefined>,
): Promise<Files> {
  const files: Files = new Map([
    ...evidenceFiles(story),
    ...addressFiles(story),
    ...mailFiles(story),
    ...letterFiles(story),
    ...formFiles(story),
    ...textFiles(story),
  ]);
  for (const { sha256, stored } of story.files) {
    const bytes = stored ? await readScan(sha256) : undefined;
    if (stored && bytes) files.set(`scans/${sha256.slice(0, 16)}.${endings[stored.type] ?? 'bin'}`, bytes);
  }
  return files;
}

type NamedFile = [name: string, bytes: Uint8Array];

/** Several events share the evidence of one act. */
function evidenceFiles({ events, personEvents }: Story): NamedFile[] {
  const all = [...events, ...personEvents].flatMap(({ evidence }) => evidence ?? []);
  const unique = new Map(all.map((evidence): [string, StoryEvidence] => [evidence.id, evidence]));
  return [...unique.values()].flatMap(({ salted, content }, index): NamedFile[] =>
    salted === null ? [] : [[`evidence/${place(index)}-${content?.act ?? 'act'}.json`, utf8(salted)]],
  );
}

/** An address without an entry has no event: nobody has asked or agreed for it. */
function addressFiles({ person }: Story): NamedFile[] {
  return person.contactPoints
    .filter(({ log }) => log.length > 0)
    .map(({ id, channel, value, normalised, salt }, index) => {
      const opened = { contact_point: id, channel, value, normalised, salt };
      return [`evidence/address-${place(index)}.json`, utf8(`${JSON.stringify(opened, null, 2)}\n`)];
    });
}

function mailFiles({ mails }: Story): NamedFile[] {
  return mails.flatMap(({ kind, content }, index): NamedFile[] => {
    if (content === null) return [];
    const name = `${place(index)}-${kind}`;
    const mail: NamedFile = [`mails/${name}.eml`, content.eml];
    return content.salted === null ? [mail] : [mail, [`evidence/mail-${name}.json`, utf8(content.salted)]];
  });
}

function letterFiles({ letters }: Story): NamedFile[] {
  return letters.flatMap(({ salted }, index): NamedFile[] =>
    salted === null ? [] : [[`evidence/letter-${place(index)}.json`, utf8(salted)]],
  );
}

function formFiles({ forms }: Story): NamedFile[] {
  return forms.flatMap(({ key, number, definition, pages }): NamedFile[] => [
    [`form/${key}-${number}.json`, utf8(definition)],
    ...pages.flatMap(({ locale, html }): NamedFile[] =>
      html === null ? [] : [[`form/${key}-${number}.${locale}.html`, utf8(html)]],
    ),
  ]);
}

function textFiles({ texts }: Story): NamedFile[] {
  return texts.map(({ ref, wording }) => [`texts/${ref.replaceAll('/', '.')}.txt`, utf8(wording)]);
}

/** Two digits, so that files sort by time. */
function place(index: number): string {
  return String(index + 1).padStart(2, '0');
}

const endings: Record<string, string> = {
  'application/pdf': 'pdf',
  'image/jpeg': 'jpg',
  'image/png': 'png',
  'image/tiff': 'tiff',
  'audio/wav': 'wav',
  'audio/mpeg': 'mp3',
  'audio/ogg': 'ogg',
};
