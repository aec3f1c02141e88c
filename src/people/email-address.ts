import { domainToASCII, domainToUnicode } from 'node:url';
import { hasNonCharacters, trimSpaces, unreadableFault } from './hidden-characters.ts';
import type { ContactPointFault, NormalisedContactPoint } from './normalised-contact-point.ts';

/**
 * RFC 5321 with internationalised mailboxes (RFC 6531) and domains (IDNA). Look-ups ignore the case of the local part,
 * as all large providers do; for sending it stays as typed. `anna+news@` and `anna@` are two addresses.
 */
export function normaliseEmailAddress(typed: string): NormalisedContactPoint {
  if (isNormal(typed)) return { ok: true, value: typed, sendable: typed, display: typed };
  if (typed.length > maxTypedLength) return fault('too_long');
  const text = trimSpaces(typed);
  if (text === '') return fault('missing');
  if (isPlain(text))
    return accept(text.slice(0, text.lastIndexOf('@')), text.slice(text.lastIndexOf('@') + 1));
  const unreadable = unreadableFault(text);
  if (unreadable) return fault(unreadable);
  const at = text.lastIndexOf('@');
  if (at < 1 || hasNonCharacters(text)) return fault('invalid');
  const local = canonicalLocalPart(text.slice(0, at).normalize('NFC'));
  const domain = asciiDomain(text.slice(at + 1));
  if (local === undefined || domain === undefined) return fault('invalid');
  const labels = [...local.split('.'), ...domainToUnicode(domain).split('.')];
  if (labels.some(mixesScripts)) return fault('mixed_scripts');
  return accept(local, domain);
}

export function maskEmailAddress(address: string): string {
  const at = address.lastIndexOf('@');
  const local = [...address.slice(0, Math.max(at, 0)).replace(/^"/, '')];
  const shown = local.slice(0, Math.min(2, Math.floor(local.length / 2))).join('');
  return `${shown}••@${at < 0 ? '••' : address.slice(at + 1)}`;
}

const maxTypedLength = 1000;
const maxLocalOctets = 64;
const maxLabelLength = 63;
const maxAddressOctets = 254;

// Fast path: nearly all addresses match, which matters for files with a million rows.
const plain =
  /^[a-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*@(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z](?:[a-z0-9-]*[a-z0-9])$/i;

function isPlain(text: string): boolean {
  return plain.test(text) && !/[@.]xn--/i.test(text);
}

// Lower case only; the caller limits the whole length so that no part can be too long.
const normal =
  /^[a-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*@(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z](?:[a-z0-9-]*[a-z0-9])$/;

/** True only if normalising would not change the address. False may be wrong. */
function isNormal(typed: string): boolean {
  return typed.length <= maxLabelLength && normal.test(typed) && !typed.includes('xn--');
}

function accept(local: string, typedDomain: string): NormalisedContactPoint {
  const domain = typedDomain.toLowerCase();
  const sendable = `${local}@${domain}`;
  if (Buffer.byteLength(local) > maxLocalOctets || Buffer.byteLength(sendable) > maxAddressOctets) {
    return fault('too_long');
  }
  if (domain.split('.').some((label) => label.length > maxLabelLength)) return fault('too_long');
  return {
    ok: true,
    value: `${local.toLowerCase().normalize('NFC')}@${domain}`,
    sendable,
    display: domain.includes('xn--') ? `${local}@${domainToUnicode(domain)}` : sendable,
  };
}

const atom = /^(?:[a-z0-9!#$%&'*+/=?^_`{|}~-]|[^ -~\p{Z}])+$/iu;

/** Quotes and escapes that change nothing are dropped, so that `"anna"@` is `anna@`. */
function canonicalLocalPart(local: string): string | undefined {
  if (isDotAtom(local)) return local;
  if (!/^"(?:[^"\\]|\\[ -~])*"$/u.test(local)) return undefined;
  const content = local.slice(1, -1).replace(/\\(.)/gu, '$1');
  if (isDotAtom(content)) return content;
  return `"${content.replace(/["\\]/g, '\\$&')}"`;
}

function isDotAtom(local: string): boolean {
  return local.split('.').every((part) => atom.test(part));
}

function asciiDomain(typed: string): string | undefined {
  // domainToASCII parses a URL host: it decodes %41, cuts at a slash and reads 0x7f.1 as an IP address.
  const readable = typed.normalize('NFC').replace(/[。．｡]/gu, '.');
  if (!/^[\p{L}\p{M}\p{N}.-]+$/u.test(readable)) return undefined;
  const domain = domainToASCII(readable);
  const labels = domain.split('.');
  if (labels.length < 2 || !/^[a-z]/.test(labels.at(-1) ?? '')) return undefined;
  if (!labels.every((label) => /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/.test(label))) return undefined;
  const unicode = domainToUnicode(domain);
  // Punycode that does not decode, or that decodes to something which encodes differently, names no domain.
  if (/(?:^|\.)xn--/.test(unicode) || domainToASCII(unicode) !== domain) return undefined;
  return domain;
}

// Scripts with look-alike letters, or that are never mixed in one word. Han, Kana and Hangul may be mixed with Latin.
const separateScripts = [
  /\p{Script=Latin}/u,
  /\p{Script=Cyrillic}/u,
  /\p{Script=Greek}/u,
  /\p{Script=Armenian}/u,
  /\p{Script=Georgian}/u,
  /\p{Script=Cherokee}/u,
  /\p{Script=Coptic}/u,
  /\p{Script=Hebrew}/u,
  /\p{Script=Arabic}/u,
  /\p{Script=Devanagari}/u,
  /\p{Script=Thai}/u,
];

function mixesScripts(label: string): boolean {
  if (/^[ -~]*$/.test(label)) return false;
  return separateScripts.filter((script) => script.test(label)).length > 1;
}

function fault(code: ContactPointFault): NormalisedContactPoint {
  return { ok: false, code };
}
