import { translator } from '#src/i18n/translate.ts';
import { howText } from './how-text.ts';
import type { ReceiptFacts } from './receipt-facts.ts';

/**
 * The same as a Kantara Consent Receipt 1.1.0. It has fields for a consent that was given and for no other state: `undefined`
 * where none ever was.
 *
 * Its schema asks for a telephone number of the company. None is stored here, so the field is empty.
 */
export function kantaraReceipt(facts: ReceiptFacts, id: string, jwksUrl: string) {
  const { locale, controller, purpose, channel, thirdParties, personId } = facts;
  const t = translator(locale);
  const given = facts.events.findLast(({ kind, basis }) => basis === 'consent' && givingKinds.includes(kind));
  if (!given) return undefined;
  return {
    version: 'KI-CR-v1.1.0',
    jurisdiction: controller.country,
    consentTimestamp: Math.floor(Date.parse(given.occurredAt) / 1000),
    collectionMethod: howText(given, locale),
    consentReceiptID: id,
    publicKey: jwksUrl,
    language: locale,
    piiPrincipalId: personId,
    piiControllers: [
      {
        piiController: controller.legalName,
        contact: controller.privacyEmail,
        address: { streetAddress: controller.address, addressCountry: controller.country },
        email: controller.privacyEmail,
        phone: '',
      },
    ],
    policyUrl: controller.notice.url,
    services: [
      {
        service: purpose.title,
        purposes: [
          {
            purpose: purpose.promise,
            purposeCategory: ['6 - Marketing'],
            consentType: 'EXPLICIT',
            piiCategory: [t(`channel.${channel}`)],
            primaryPurpose: true,
            termination: terminationOf(facts),
            thirdPartyDisclosure: thirdParties.length > 0,
            ...(thirdParties.length > 0 && {
              thirdPartyName: thirdParties.map(({ name }) => name).join(', '),
            }),
          },
        ],
      },
    ],
    sensitive: false,
    spiCat: [],
  };
}

const givingKinds = ['confirmed', 'granted', 'renewed', 'imported'];

function terminationOf({ locale, state, since, validUntil }: ReceiptFacts): string {
  const t = translator(locale);
  if (state !== 'granted') return `${t(`state.${state}`)}: ${since}`;
  return validUntil ?? t('receipt.until.withdrawal');
}
