import type { Reader } from '#db/connect.ts';
import { prepared } from '#db/prepared.ts';
import { preparedByKey } from '#db/prepared-by-key.ts';
import type { Basis, Channel, EvidenceGrade, Locale, PermissionState } from '#db/schema/vocabulary.ts';
import type { PersonWithKey } from '#src/people/contact-points.ts';
import { decryptText } from '#src/people/encryption.ts';

/** One cell of a person's matrix: a purpose on a channel, whether or not anything was ever said about it. */
export interface MatrixCell {
  controllerId: string;
  purposeId: string;
  purpose: string;
  title: string;
  promise: string;
  thirdParties: { name: string; place: string; line_of_business: string }[];
  channel: Channel;
  /** Null while no address is known on this channel. */
  contactPointId: string | null;
  contactPoint: string | null;
  permissionId: string | null;
  state: PermissionState;
  settledState: Exclude<PermissionState, 'pending'>;
  /** A request waits to be confirmed, whatever the current state is. */
  asked: boolean;
  since: string | null;
  basis: Basis | null;
  evidenceGrade: EvidenceGrade | null;
  verified: boolean;
  text: {
    id: string;
    ref: string;
    wording: string;
    sha256: string;
    locale: Locale;
    /** Since when legal has declared these words invalid. */
    invalidatedAt: string | null;
  } | null;
}

/** A consent whose words legal has declared invalid since: it does not count. */
export function hasInvalidText({ state, basis, text }: MatrixCell): boolean {
  return state === 'granted' && basis === 'consent' && (text?.invalidatedAt ?? null) !== null;
}

/** Everything the person allowed, refused or never said, purpose by purpose in their order, channel by channel. */
export async function permissionMatrix(
  reader: Reader,
  person: PersonWithKey,
  locale: Locale,
): Promise<MatrixCell[]> {
  const [purposes, thirdParties, contactPoints, permissions] = [
    await purposeChannels(reader, locale),
    await everyThirdParty(reader, {}),
    await contactPointsOf(reader, person.id),
    await permissionsOf(reader, person.id),
  ];
  const cell = (
    purpose: (typeof purposes)[number],
    point: (typeof contactPoints)[number] | undefined,
  ): MatrixCell => {
    const permission = permissions.find(
      (row) => row.purpose_id === purpose.id && row.contact_point_id === point?.id,
    );
    return {
      controllerId: purpose.controller_id,
      purposeId: purpose.id,
      purpose: purpose.key,
      title: purpose.title,
      promise: purpose.promise,
      thirdParties: thirdParties.filter((party) => party.purpose_id === purpose.id),
      channel: purpose.channel,
      contactPointId: point?.id ?? null,
      contactPoint: point?.value_enc ? decryptText(person.key, point.value_enc) : null,
      permissionId: permission?.id ?? null,
      state: permission?.state ?? 'none',
      settledState: permission?.settled_state ?? 'none',
      asked: (permission?.pending_signup_id ?? null) !== null,
      since: permission?.since ?? null,
      basis: permission?.basis ?? null,
      evidenceGrade: permission?.evidence_grade ?? null,
      verified: permission?.channel_verified === 1,
      text: permission?.text_id
        ? {
            id: permission.text_id,
            ref: `${purpose.key}/${purpose.channel}/${permission.locale}@${permission.major}.${permission.minor}`,
            wording: permission.wording ?? '',
            sha256: permission.sha256 ?? '',
            locale: permission.locale ?? locale,
            invalidatedAt: permission.invalidated_at,
          }
        : null,
    };
  };
  return purposes.flatMap((purpose) => {
    const points = contactPoints.filter((point) => point.channel === purpose.channel);
    return points.length > 0 ? points.map((point) => cell(purpose, point)) : [cell(purpose, undefined)];
  });
}

const channelOrder: Channel[] = ['email', 'phone', 'sms', 'fax', 'post'];

/** Every purpose on every channel that it may be asked for, in their order. */
export async function purposeChannels(reader: Reader, locale: Locale) {
  const rows = await channelsIn(reader, locale);
  return rows.sort(
    (a, b) => a.position - b.position || channelOrder.indexOf(a.channel) - channelOrder.indexOf(b.channel),
  );
}

const channelsIn = preparedByKey((db, isAsked) =>
  db
    .selectFrom('purposes')
    .innerJoin('purpose_channels', 'purpose_channels.purpose_id', 'purposes.id')
    .innerJoin('purpose_translations', 'purpose_translations.purpose_id', 'purposes.id')
    .select([
      'purpose_translations.locale as asked',
      'purposes.id',
      'purposes.controller_id',
      'purposes.key',
      'purposes.position',
      'purpose_channels.channel',
      'purpose_translations.title',
      'purpose_translations.promise',
    ])
    .where(isAsked('purpose_translations.locale'))
    .where('purposes.retired_at', 'is', null),
);

const everyThirdParty = prepared((db, _: object) =>
  db.selectFrom('purpose_third_parties').selectAll().orderBy('name'),
);

const contactPointsOf = preparedByKey((db, isAsked) =>
  db
    .selectFrom('contact_points')
    .select(['person_id as asked', 'id', 'channel', 'value_enc'])
    .where(isAsked('person_id'))
    .where('erased_at', 'is', null)
    .orderBy('created_at'),
);

const permissionsOf = preparedByKey((db, isAsked) =>
  db
    .selectFrom('permissions')
    .innerJoin('contact_points', 'contact_points.id', 'permissions.contact_point_id')
    .leftJoin('consent_text_versions', 'consent_text_versions.id', 'permissions.text_version_id')
    .leftJoin('consent_texts', 'consent_texts.id', 'consent_text_versions.text_id')
    .selectAll('permissions')
    .select([
      'contact_points.person_id as asked',
      'consent_text_versions.id as text_id',
      'consent_text_versions.wording',
      'consent_text_versions.sha256',
      'consent_text_versions.major',
      'consent_text_versions.minor',
      'consent_text_versions.invalidated_at',
      'consent_texts.locale',
    ])
    .where(isAsked('contact_points.person_id')),
);
