/**
 * Our words in those of the W3C Data Privacy Vocabulary 2.3 (DPV), by the guide for ISO/IEC TS 27560
 * (https://w3id.org/dpv/guides/consent-27560). Only a consent has the status of a consent.
 */
import type { Channel, PermissionState } from '#db/schema/vocabulary.ts';
import type { ReceiptEvent, ReceiptFacts } from './receipt-facts.ts';

export const receiptProfile = 'https://w3id.org/dpv/schema/dpv-27560#receipt-eu-gdpr';
export const recordProfile = 'https://w3id.org/dpv/schema/dpv-27560#record-eu-gdpr';

/** Written into each receipt, so that nothing has to be loaded to read it as JSON-LD. */
export const context = {
  dct: 'http://purl.org/dc/terms/',
  dpv: 'https://w3id.org/dpv#',
  'eu-gdpr': 'https://w3id.org/dpv/legal/eu/gdpr#',
  'legal-eu': 'https://w3id.org/dpv/legal/eu#',
  loc: 'https://w3id.org/dpv/loc#',
  pd: 'https://w3id.org/dpv/pd#',
  rdf: 'http://www.w3.org/1999/02/22-rdf-syntax-ns#',
  schema: 'https://schema.org/',
  xsd: 'http://www.w3.org/2001/XMLSchema#',
  'dct:conformsTo': { '@type': '@id' },
  'dct:created': { '@type': 'xsd:dateTime' },
  'dpv:hasApplicableLaw': { '@type': '@id' },
  'dpv:hasDataSource': { '@type': '@id' },
  'dpv:hasJurisdiction': { '@type': '@id' },
  'dpv:hasLegalBasis': { '@type': '@id' },
  'dpv:hasLocation': { '@type': '@id' },
  'dpv:hasNecessity': { '@type': '@id' },
  'dpv:hasProcessing': { '@type': '@id' },
  'dpv:hasPurpose': { '@type': '@id' },
  'dpv:hasRecipient': { '@type': '@id' },
  'dpv:isExercisedAt': { '@type': '@id' },
  'dpv:isIndicatedAtTime': { '@type': 'xsd:dateTime' },
  'dpv:isIndicatedBy': { '@type': '@id' },
  'schema:url': { '@type': '@id' },
  state: 'urn:jawort:receipt:state',
  currentStatus: { '@id': 'urn:jawort:receipt:currentStatus', '@type': '@id' },
  log: { '@id': 'urn:jawort:receipt:log', '@type': '@json' },
  jws: 'https://w3id.org/security#jws',
} as const;

/** The kinds of personal data by which people are reached. DPV has no fax number: it is a telephone number. */
export const personalDataTypes: Record<Channel, string> = {
  email: 'pd:EmailAddress',
  sms: 'pd:TelephoneNumber',
  phone: 'pd:TelephoneNumber',
  fax: 'pd:TelephoneNumber',
  post: 'pd:PhysicalAddress',
};

/** GDPR, Art. 6(1). Customers (§ 7(3) UWG), presumed interest and letters all rest on legitimate interests. */
export function legalBasesOf(facts: ReceiptFacts): string[] {
  return isConsent(facts) ? ['eu-gdpr:A6-1-a', 'dpv:ExpressedConsent'] : ['eu-gdpr:A6-1-f'];
}

/** Whether it stands on a consent, or a consent was asked for. */
export function isConsent({ basis, events }: Pick<ReceiptFacts, 'basis' | 'events'>): boolean {
  return (basis ?? events.at(-1)?.basis) === 'consent';
}

/** The status that holds now. */
export function currentStatus(facts: ReceiptFacts): string {
  if (!isConsent(facts)) return interestStates[facts.state];
  if (facts.state === 'granted' && facts.text?.invalidatedAt) return 'dpv:ConsentInvalidated';
  return consentStates[facts.state];
}

const consentStates: Record<PermissionState, string> = {
  none: 'dpv:ConsentUnknown',
  pending: 'dpv:ConsentRequested',
  granted: 'dpv:ConsentGiven',
  refused: 'dpv:ConsentRefused',
  withdrawn: 'dpv:ConsentWithdrawn',
  expired: 'dpv:ConsentExpired',
};

const interestStates: Record<PermissionState, string> = {
  none: 'dpv:ActivityHalted',
  pending: 'dpv:LegitimateInterestNotObjected',
  granted: 'dpv:LegitimateInterestNotObjected',
  refused: 'dpv:LegitimateInterestObjected',
  withdrawn: 'dpv:LegitimateInterestObjected',
  expired: 'dpv:ActivityHalted',
};

/** The status that an event brought about. */
export function statusOf(event: ReceiptEvent): string {
  return event.basis === 'consent' ? consentStatusOf(event) : interestStatusOf(event);
}

function consentStatusOf({ kind, aboutRequest }: ReceiptEvent): string {
  switch (kind) {
    case 'requested':
      return 'dpv:ConsentRequested';
    case 'renewed':
      return 'dpv:RenewedConsentGiven';
    case 'refused':
      return 'dpv:ConsentRefused';
    case 'withdrawn':
    case 'objected':
      return 'dpv:ConsentWithdrawn';
    case 'corrected':
      return 'dpv:ConsentInvalidated';
    case 'expired':
      // A request that nobody answered: no consent ended.
      return aboutRequest ? 'dpv:ConsentRequestDeferred' : 'dpv:ConsentExpired';
    case 'cancelled':
    case 'superseded':
      return 'dpv:ConsentRequestDeferred';
    default:
      return 'dpv:ConsentGiven';
  }
}

function interestStatusOf({ kind }: ReceiptEvent): string {
  if (kind === 'withdrawn' || kind === 'objected' || kind === 'refused')
    return 'dpv:LegitimateInterestObjected';
  if (kind === 'expired' || kind === 'corrected') return 'dpv:ActivityHalted';
  return 'dpv:LegitimateInterestNotObjected';
}
