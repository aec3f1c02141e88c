import { hasNonCharacters, unreadableFault } from '#src/people/hidden-characters.ts';
import { normaliseContactPoint } from '#src/people/normalise-contact-point.ts';
import type { ControllerDraft } from './controller.ts';

export interface ControllerFault {
  field: keyof ControllerDraft | 'version' | 'url' | 'note';
  code:
    | 'missing'
    | 'too_long'
    | 'unreadable'
    | 'no_postal_code'
    | 'no_country'
    | 'no_address'
    | 'imprint_without_name'
    | 'no_url'
    | 'version_taken';
}

/** All faults, in the order of the page. */
export function controllerFaults(draft: ControllerDraft): ControllerFault[] {
  return [
    ...lineFaults('legal_name', draft.legal_name, 200),
    ...addressFaults(draft),
    ...mailFaults(draft),
    ...imprintFaults(draft),
  ];
}

export function noticeFaults(notice: {
  version: string;
  url: string;
  note: string | null;
}): ControllerFault[] {
  const url = lineFaults('url', notice.url, 500);
  return [
    ...lineFaults('version', notice.version, 40),
    ...(url.length > 0 || isWebAddress(notice.url) ? url : [{ field: 'url', code: 'no_url' } as const]),
    ...(notice.note ? lineFaults('note', notice.note, 1000) : []),
  ];
}

// The wording check reads the town after the postal code.
function addressFaults({ address, country }: ControllerDraft): ControllerFault[] {
  const line = lineFaults('address', address, 300);
  const faults: ControllerFault[] =
    line.length > 0 || /\b\d{4,5}\s+\p{L}/u.test(address)
      ? line
      : [{ field: 'address', code: 'no_postal_code' }];
  return /^[A-Z]{2}$/.test(country) ? faults : [...faults, { field: 'country', code: 'no_country' }];
}

function mailFaults({ privacy_email }: ControllerDraft): ControllerFault[] {
  if (privacy_email === '') return [{ field: 'privacy_email', code: 'missing' }];
  return normaliseContactPoint('email', privacy_email).ok
    ? []
    : [{ field: 'privacy_email', code: 'no_address' }];
}

/** § 5 DDG: every mail ends with the imprint, so it must name this company. */
function imprintFaults({ imprint, legal_name }: ControllerDraft): ControllerFault[] {
  if (imprint === '') return [{ field: 'imprint', code: 'missing' }];
  if (imprint.length > 2000) return [{ field: 'imprint', code: 'too_long' }];
  if (imprint.split('\n').some((line) => unreadableFault(line) ?? hasNonCharacters(line))) {
    return [{ field: 'imprint', code: 'unreadable' }];
  }
  return imprint.includes(legal_name) ? [] : [{ field: 'imprint', code: 'imprint_without_name' }];
}

function lineFaults(field: ControllerFault['field'], text: string, most: number): ControllerFault[] {
  if (text === '') return [{ field, code: 'missing' }];
  if (text.length > most) return [{ field, code: 'too_long' }];
  return unreadableFault(text) || hasNonCharacters(text) ? [{ field, code: 'unreadable' }] : [];
}

function isWebAddress(text: string): boolean {
  return URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);
}
