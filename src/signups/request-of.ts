import type { ContactPointTable } from '#db/schema/people.ts';
import type { Submission } from '#src/forms/parse-submission.ts';
import { pageOnSites } from '#src/forms/sites.ts';
import { inLocale } from '#src/i18n/locales.ts';
import { type Client, clientHint } from '#src/limits/client.ts';
import type { NewContactPoint, PersonWithKey } from '#src/people/contact-points.ts';
import type { Request, Wish } from './signup-request.ts';

/** What a submission asks for. `points`: the person's contact points for `addressesOf`, in that order. */
export function requestOf(
  submission: Submission,
  person: PersonWithKey,
  points: ContactPointTable[],
  client: Client,
): Request {
  const [mailbox] = points as [ContactPointTable];
  const { form, version, locale, fields, source, consents } = submission;
  const { email: _, ...details } = fields;
  return {
    person,
    mailbox,
    form: { id: form.id, versionId: version.id },
    locale,
    origin: 'web_form',
    source,
    enteredOn: siteAmong(form.allowedOrigins, client.pageUrl),
    confirmWithinHours: form.confirmWithinHours,
    details,
    wishes: wishesOf(submission, points),
    evidence: {
      form: {
        key: form.key,
        version: version.number,
        version_id: version.id,
        sha256: version.sha256,
        notice: inLocale(version.definition.words, locale).notice,
      },
      page_url: client.pageUrl,
      typed: { ...fields, consent: consents.map(({ consent }) => consent.value), form_version: version.id },
      action: 'POST form',
      client: clientHint(client),
    },
  };
}

/** The addresses of a submission, the mailbox first. It has one on a channel, however many boxes are about it. */
export function addressesOf({ consents, form, mailbox, source }: Submission): NewContactPoint[] {
  const consented = consents.map((consent) => consent.address);
  const addresses = new Map([mailbox, ...consented].map((address) => [address.channel, address]));
  return [...addresses.values()].map(({ channel, value, sendable }) => ({
    channel,
    value,
    typed: sendable,
    source: source ? `form:${form.key} (${source})` : `form:${form.key}`,
  }));
}

function wishesOf({ consents, locale }: Submission, points: ContactPointTable[]): Wish[] {
  return consents.flatMap(({ consent, address }) => {
    const contactPoint = points.find((point) => point.channel === consent.channel);
    if (!contactPoint) return [];
    return [
      {
        purposeId: consent.purpose_id,
        purpose: consent.purpose,
        channel: consent.channel,
        contactPoint,
        address: address.sendable,
        text: inLocale(consent.texts, locale),
      },
    ];
  });
}

/** Only its host: the path comes from the client and may contain anything. */
function siteAmong(sites: string[], page: string | null): string | undefined {
  const address = page ? pageOnSites(page, sites) : undefined;
  return address && new URL(address).host;
}
