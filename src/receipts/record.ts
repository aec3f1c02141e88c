import { translator } from '#src/i18n/translate.ts';
import { publicId } from '#src/ids/public-id.ts';
import { paths } from '#src/routes.ts';
import {
  currentStatus,
  isConsent,
  legalBasesOf,
  personalDataTypes,
  recordProfile,
  statusOf,
} from './dpv-terms.ts';
import { howText } from './how-text.ts';
import type { ReceiptController, ReceiptEvent, ReceiptFacts } from './receipt-facts.ts';

/** A node of JSON-LD. */
export type Node = { [property: string]: string | number | boolean | Node | Node[] | string[] };

/**
 * The record of one permission by ISO/IEC TS 27560 in DPV, with what the GDPR profile needs beyond it. What stands on another
 * basis is a record of processing: nothing in it is called a consent. The context is `context` of `dpv-terms.ts`.
 *
 * @param issuer the address of this instance, without a slash at the end
 */
export function recordOf(facts: ReceiptFacts, issuer: string): Node {
  const consent = isConsent(facts);
  const controller = `urn:jawort:controller:${facts.controller.key}`;
  return {
    '@id': `urn:uuid:${facts.id}`,
    '@type': consent ? 'dpv:ConsentRecord' : 'dpv:DataProcessingRecord',
    'dct:conformsTo': recordProfile,
    'dct:identifier': facts.permissionId,
    'dpv:hasIdentifier': facts.permissionId,
    'dpv:hasDataSubject': {
      '@id': `urn:uuid:${facts.personId}`,
      '@type': 'dpv:DataSubject',
      'dct:identifier': facts.personId,
    },
    'dpv:hasDataController': controllerOf(facts.controller, controller),
    'dpv:hasJurisdiction': `loc:${facts.controller.country}`,
    'dpv:hasApplicableLaw': 'legal-eu:law-GDPR',
    'dpv:hasAuthority': authorityOf(facts),
    'dpv:hasNotice': noticesOf(facts),
    'dpv:hasProcess': processOf(facts, controller),
    ...controlsOf(facts, issuer, consent),
    state: facts.state,
    currentStatus: currentStatus(facts),
    [consent ? 'dpv:hasConsentStatus' : 'dpv:hasStatus']: facts.events.map((event) =>
      eventOf(facts, event, controller),
    ),
  };
}

function controllerOf({ legalName, address, privacyEmail, notice }: ReceiptController, id: string): Node {
  return {
    '@id': id,
    '@type': ['dpv:Organisation', 'dpv:DataController'],
    'dpv:hasIdentifier': id,
    'dpv:hasName': legalName,
    'dpv:hasAddress': address,
    'dpv:hasContact': privacyEmail,
    'schema:email': privacyEmail,
    'schema:url': notice.url,
  };
}

function authorityOf({ locale, controller }: ReceiptFacts): Node {
  return {
    '@type': 'dpv:DataProtectionAuthority',
    'dpv:hasName': translator(locale)('receipt.authority', { country: controller.country }),
    'schema:url': 'https://www.edpb.europa.eu/about-edpb/about-edpb/members_en',
  };
}

/** The words that were agreed to, and the privacy notice. */
function noticesOf({ locale, text, controller, ground }: ReceiptFacts): Node[] {
  const privacy: Node = {
    '@type': 'dpv:PrivacyNotice',
    'dct:identifier': controller.notice.version,
    'dct:language': locale,
    'schema:url': controller.notice.url,
  };
  if (ground.length > 0 || !text) return [{ ...privacy, 'schema:text': ground.join(' ') }];
  const words: Node = {
    '@id': `urn:uuid:${text.id}`,
    '@type': 'dpv:ConsentNotice',
    'dct:identifier': text.ref,
    'dct:language': text.locale,
    'schema:text': text.wording,
    ...(text.invalidatedAt && { 'schema:expires': text.invalidatedAt }),
  };
  return [words, privacy];
}

function processOf(facts: ReceiptFacts, controller: string): Node {
  const { channel, contactPoint, purpose, thirdParties, locale } = facts;
  const t = translator(locale);
  const recipients: Node[] = thirdParties.map(({ name, place, line_of_business }) => ({
    '@type': 'dpv:ThirdParty',
    'dpv:hasIdentifier': name,
    'dpv:hasName': name,
    'dpv:hasAddress': place,
    'schema:description': line_of_business,
  }));
  const uses = ['dpv:Collect', 'dpv:Store', 'dpv:Use', ...(thirdParties.length > 0 ? ['dpv:Disclose'] : [])];
  return {
    '@type': 'dpv:Process',
    'dpv:hasService': { '@type': 'dpv:Service', 'dct:title': purpose.title },
    'dpv:hasPurpose': {
      '@type': 'dpv:DirectMarketing',
      'dct:identifier': purpose.key,
      'dct:title': purpose.title,
      'dct:description': purpose.promise,
    },
    'dpv:hasLegalBasis': legalBasesOf(facts),
    'dpv:hasPersonalData': {
      '@type': personalDataTypes[channel],
      'dct:identifier': contactPoint.typed,
      'dct:description': t(`channel.${channel}`),
      'dpv:hasNecessity': 'dpv:Required',
    },
    'dpv:hasProcessing': uses,
    'dpv:hasDataSource': 'dpv:DataSubjectDataSource',
    'dpv:hasRecipient': [{ '@id': controller }, ...recipients],
    'dpv:hasStorageCondition': storageOf(facts),
  };
}

/** Where the company is: a receipt doesn't know where its servers stand. */
function storageOf({ controller, purpose, locale }: ReceiptFacts): Node[] {
  return [
    { '@type': 'dpv:StorageLocation', 'dpv:hasLocation': `loc:${controller.country}` },
    {
      '@type': 'dpv:StorageDuration',
      'dpv:hasDuration': {
        '@type': 'dpv:UntilEventDuration',
        'rdf:value': translator(locale)('receipt.stored', { years: purpose.proofYears }),
      },
    },
    { '@type': 'dpv:StorageDeletion', 'dpv:hasDuration': `P${purpose.proofYears}Y` },
  ];
}

/** How to withdraw or object, and the other rights. */
function controlsOf({ locale, controller }: ReceiptFacts, issuer: string, consent: boolean): Node {
  const t = translator(locale);
  const at = [`${issuer}${paths.preferencesRequest()}`, `mailto:${controller.privacyEmail}`];
  const right = (article: string, title: string): Node => ({
    '@type': ['dpv:DataSubjectRight', `eu-gdpr:${article}`],
    'dct:title': title,
    'dpv:isExercisedAt': at,
  });
  return {
    [consent ? 'dpv:hasConsentControl' : 'dpv:hasEntityInvolvement']: {
      '@type': consent ? ['dpv:WithdrawConsent', 'dpv:ProvideConsent'] : 'dpv:ObjectingToProcess',
      'dpv:isExercisedAt': at,
    },
    'dpv:hasRight': [
      consent ? right('A7-3', t('receipt.right.withdraw')) : right('A21', t('receipt.right.object')),
      right('A15', t('receipt.right.access')),
      right('A16', t('receipt.right.rectification')),
      right('A17', t('receipt.right.erasure')),
      right('A18', t('receipt.right.restriction')),
      right('A20', t('receipt.right.portability')),
      right('A77', t('receipt.right.complaint')),
    ],
  };
}

function eventOf(facts: ReceiptFacts, event: ReceiptEvent, controller: string): Node {
  const status = statusOf(event);
  return {
    '@id': `urn:uuid:${event.id}`,
    '@type': event.basis === 'consent' && /Given$/.test(status) ? [status, 'dpv:ExpressedConsent'] : status,
    'dct:identifier': publicId('event', event.id),
    'dpv:isIndicatedAtTime': event.occurredAt,
    'dpv:isIndicatedBy': isByPerson(event) ? `urn:uuid:${facts.personId}` : controller,
    'dpv:hasIndicationMethod': howText(event, facts.locale),
    'dpv:hasDuration': durationOf(facts, event, status),
  };
}

/** A person decides about a consent, even if staff typed it in, and may object. */
function isByPerson({ kind, basis, by }: ReceiptEvent): boolean {
  if (by === 'system' || kind === 'corrected' || kind === 'superseded' || kind === 'cancelled') return false;
  return basis === 'consent' || kind === 'withdrawn' || kind === 'objected' || kind === 'refused';
}

function durationOf({ locale, validUntil }: ReceiptFacts, event: ReceiptEvent, status: string): Node {
  const t = translator(locale);
  if (/Given$|NotObjected$/.test(status)) {
    return validUntil
      ? { '@type': 'dpv:UntilTimeDuration', 'rdf:value': validUntil }
      : {
          '@type': 'dpv:UntilEventDuration',
          'rdf:value': t(`receipt.until.${event.basis === 'consent' ? 'withdrawal' : 'objection'}`),
        };
  }
  const until = status === 'dpv:ConsentRequested' ? 'answer' : 'new_decision';
  return { '@type': 'dpv:UntilEventDuration', 'rdf:value': t(`receipt.until.${until}`) };
}
