/** Checks that the log has committed to what the files of the dossier say. */
import { fromHex, hex, hmacSha256, sha256, textOf, utf8 } from './bytes.ts';
import { type Entry, parseObject } from './dossier-leaves.ts';
import type { Files } from './file-list.ts';
import { readMailParts } from './mail-parts.ts';
import type { Check } from './verdict.ts';

export async function checkEvidence(files: Files, entries: Entry[]): Promise<Check[]> {
  const committed = commitmentsIn(entries);
  const definitions = [...files].filter(([name]) => /^form\/.+\.json$/.test(name));
  const shown = definitions.flatMap(([, bytes]) => shownIn(bytes));
  const checks: Check[] = [];
  for (const [name, bytes] of files) {
    if (isAddress(name)) checks.push(await checkAddress(name, bytes, entries));
    else if (isPage(name)) {
      checks.push({ code: 'page_defined', ok: shown.includes(hex(await sha256(bytes))), about: name });
    } else if (isMail(name)) checks.push(checkMail(name, bytes, files));
    else if (isEvidence(name)) {
      const index = committed.get(hex(await sha256(bytes)));
      const detail = index === undefined ? {} : { detail: `${index}` };
      checks.push({ code: 'evidence_logged', ok: index !== undefined, about: name, ...detail });
    }
  }
  return checks;
}

const isAddress = (name: string) => name.startsWith('evidence/address-');
const isPage = (name: string) => /^form\/.+\.html$/.test(name);
const isMail = (name: string) => name.startsWith('mails/');
/** Files whose SHA-256 stands in an entry: it can be compared without this program, too. */
const isEvidence = (name: string) => /^(evidence|form|texts|scans|letters)\//.test(name);

/** The entry that names each hash. */
function commitmentsIn(entries: Entry[]): Map<string, number> {
  return new Map(
    entries.flatMap(({ index, facts }) =>
      [facts.commitment, facts.sha256].flatMap((hash): [string, number][] =>
        typeof hash === 'string' ? [[hash, index]] : [],
      ),
    ),
  );
}

/** The hashes of the pages that a definition of a form names, one for each language. */
function shownIn(definition: Uint8Array): unknown[] {
  const shown = parseObject(textOf(definition) ?? '')?.shown;
  return typeof shown === 'object' && shown !== null ? Object.values(shown) : [];
}

/** HMAC-SHA256(salt, channel ‖ 0x00 ‖ normalised value) stands in the entry of the contact point. */
async function checkAddress(name: string, bytes: Uint8Array, entries: Entry[]): Promise<Check> {
  const { contact_point, channel, normalised, salt } = parseObject(textOf(bytes) ?? '') ?? {};
  const commitment = hex(await hmacSha256(fromHex(`${salt}`), utf8(`${channel}\0${normalised}`)));
  const entry = entries.find(
    ({ entry, ref, facts }) =>
      entry === 'contact_point' && ref === contact_point && facts.commitment === commitment,
  );
  return { code: 'address_logged', ok: entry !== undefined, about: name, detail: `${entry?.index ?? ''}` };
}

/** The mail says what its copy says, which the log has committed to. Older mails have no such copy. */
function checkMail(name: string, bytes: Uint8Array, files: Files): Check {
  const copyName = name.replace(/^mails\/(.+)\.eml$/, 'evidence/mail-$1.json');
  const copy = files.get(copyName);
  if (!copy) return { code: 'mail_kept_only', ok: true, about: name };
  const { text, html } = parseObject(textOf(copy) ?? '') ?? {};
  const parts = readMailParts(textOf(bytes) ?? '');
  const ok = parts !== undefined && parts.text === lines(text) && parts.html === lines(html);
  return { code: 'mail_as_kept', ok, about: name, detail: copyName };
}

function lines(text: unknown): string {
  return `${text}`.replace(/\r?\n/g, '\n');
}
