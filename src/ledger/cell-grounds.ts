import type { Db } from '#db/connect.ts';
import { isOneOf } from '#db/key-lists.ts';
import type { SpokenGround } from '#src/i18n/ground-words.ts';
import type { PersonWithKey } from '#src/people/contact-points.ts';
import { decryptJson } from '#src/people/encryption.ts';
import type { MatrixCell } from './permission-matrix.ts';

type Recorded = Pick<
  SpokenGround,
  'recordedAt' | 'saleAt' | 'productLine' | 'reasonCode' | 'subject' | 'source'
>;

/** What a person is told about the legal ground of each cell. Queries only when a ground is not a consent. */
export async function cellGrounds(
  db: Db,
  person: PersonWithKey,
  cells: MatrixCell[],
): Promise<(cell: MatrixCell) => SpokenGround> {
  const others = cells.flatMap(({ permissionId, basis }) =>
    permissionId !== null && basis !== null && basis !== 'consent' ? [permissionId] : [],
  );
  const recorded = others.length > 0 ? await recordedAbout(db, person, others) : new Map<string, Recorded>();
  return ({ permissionId, purpose: _, title, channel, basis, state, settledState, since }) => ({
    title,
    channel,
    basis,
    state,
    settledState,
    since,
    ...recorded.get(`${permissionId} ${basis}`),
  });
}

/** The part of the evidence of a capture that is shown here. */
interface CaptureContent {
  typed?: Record<string, string | string[]>;
}

async function recordedAbout(db: Db, person: PersonWithKey, ids: string[]): Promise<Map<string, Recorded>> {
  const rows = await db
    .selectFrom('grounds')
    .innerJoin('events', 'events.id', 'grounds.event_id')
    .leftJoin('evidence', 'evidence.id', 'events.evidence_id')
    .select(['grounds.permission_id', 'grounds.basis', 'grounds.record', 'grounds.occurred_at'])
    .select('evidence.content_enc')
    .where(isOneOf(db, 'grounds.permission_id', ids))
    .where('grounds.corrected_at', 'is', null)
    // The newest comes last and is the one that stays.
    .orderBy('events.number')
    .execute();
  return new Map(
    rows.map(({ permission_id, basis, record, occurred_at, content_enc }) => {
      const { saleAt, productLine, reasonCode, subject } = JSON.parse(record) as Partial<Recorded>;
      const typed = content_enc ? decryptJson<CaptureContent>(person.key, content_enc).typed : {};
      const source = [typed?.['evidence.source'] ?? []].flat().join(', ') || undefined;
      const about = { recordedAt: occurred_at, saleAt, productLine, reasonCode, subject, source };
      return [`${permission_id} ${basis}`, about];
    }),
  );
}
