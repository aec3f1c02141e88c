import type { Schema } from '#db/schema/schema.ts';

/** A table whose rows are logged: each is an entry when it is added, and again when one of its facts changes. */
export interface LogSource {
  /** As it is called in the entry. */
  kind: string;
  table: keyof Schema;
  key: string;
  /** What the entry says of the row. No personal value, and nothing that changes without being logged. */
  columns: string[];
  /** Long or encrypted: the entry says their SHA-256. They may become null when their person is erased. */
  hashed?: string[];
  /** The person whose erasure takes what is hashed away. */
  person?: string;
  /** Its rows are deleted with the signup or the person that they were for. */
  deletedWithOwner?: boolean;
}

/** Everything that could be rewritten to somebody's advantage. The triggers of the tables name the same kinds. */
export const logSources: LogSource[] = [
  {
    kind: 'event',
    table: 'events',
    key: 'id',
    columns: [
      ...['kind', 'occurred_at', 'recorded_at', 'permission_id', 'number', 'contact_point_id', 'purpose_id'],
      ...['channel', 'basis', 'text_version_id', 'form_version_id', 'signup_id', 'origin', 'actor'],
      ...['evidence_grade', 'channel_verified', 'valid_until', 'evidence_id', 'commitment'],
    ],
  },
  {
    kind: 'person_event',
    table: 'person_events',
    key: 'id',
    columns: [
      ...['kind', 'person_id', 'number', 'contact_point_id', 'register', 'refused', 'occurred_at'],
      ...['recorded_at', 'actor', 'evidence_id', 'commitment'],
    ],
  },
  {
    kind: 'suppression',
    table: 'suppressions',
    key: 'id',
    columns: [
      ...['channel', 'lookup_hash', 'purpose_id', 'reason', 'created_at', 'until', 'lifted_at', 'source'],
      ...['recorded_at', 'refusal_id'],
    ],
  },
  {
    kind: 'refusal',
    table: 'refusals',
    key: 'id',
    columns: ['channel', 'place_hash', 'kept', 'near', 'purpose_id', 'spared', 'created_at'],
  },
  {
    kind: 'ground',
    table: 'grounds',
    key: 'event_id',
    columns: [
      ...['permission_id', 'basis', 'method', 'occurred_at', 'record', 'missing_evidence', 'missing_7a'],
      ...['audience', 'file_sha256', 'file_at', 'corrected_at'],
    ],
  },
  {
    kind: 'text_step',
    table: 'consent_text_steps',
    key: 'id',
    columns: ['text_id', 'version_id', 'kind', 'at', 'actor_id', 'details'],
  },
  {
    kind: 'text_version',
    table: 'consent_text_versions',
    key: 'id',
    columns: [
      ...['text_id', 'major', 'minor', 'sha256', 'state', 'approved_at', 'approved_by', 'live_from'],
      ...['retired_at', 'invalidated_at', 'invalidated_by', 'stopped_at'],
    ],
    hashed: ['wording', 'names'],
  },
  {
    kind: 'form_version',
    table: 'form_versions',
    key: 'id',
    columns: ['form_id', 'number', 'sha256', 'published_at'],
    hashed: ['definition'],
  },
  {
    kind: 'privacy_notice',
    table: 'privacy_notices',
    key: 'id',
    columns: ['controller_id', 'version', 'url', 'valid_from', 'created_at'],
  },
  {
    kind: 'purpose',
    table: 'purposes',
    key: 'id',
    columns: ['controller_id', 'key', 'revision', 'proof_years', 'retired_at'],
  },
  {
    kind: 'controller',
    table: 'controllers',
    key: 'id',
    columns: ['key', 'legal_name', 'country', 'privacy_version', 'refuses_claimed', 'revision'],
  },
  {
    kind: 'mail',
    table: 'mails',
    key: 'id',
    columns: [
      'kind',
      'person_id',
      'contact_point_id',
      'signup_id',
      'provider_id',
      'provider_answer',
      'sent_at',
      'commitment',
    ],
    hashed: ['content_enc'],
    person: 'person_id',
    deletedWithOwner: true,
  },
  {
    kind: 'letter',
    table: 'letters',
    key: 'id',
    columns: [
      'person_id',
      'controller_id',
      'state',
      'run_id',
      'printed_at',
      'printed_by',
      'sent_at',
      'sent_by',
      'commitment',
    ],
    hashed: ['content_enc'],
    person: 'person_id',
  },
  {
    kind: 'evidence_file',
    table: 'evidence_files',
    key: 'id',
    columns: ['person_id', 'sha256', 'type', 'size', 'created_at'],
    hashed: ['content_enc'],
    person: 'person_id',
    deletedWithOwner: true,
  },
  { kind: 'use', table: 'uses', key: 'event_id', columns: ['permission_id', 'used_at', 'campaign'] },
  {
    kind: 'import',
    table: 'imports',
    key: 'id',
    columns: ['origin', 'filed_by', 'filed_at', 'rows', 'file_mac', 'released_by', 'released_at'],
  },
  {
    kind: 'staff',
    table: 'staff',
    key: 'id',
    columns: ['role', 'created_at', 'disabled_at'],
  },
  {
    kind: 'audit',
    table: 'audit_entries',
    key: 'id',
    columns: ['at', 'staff_id', 'act', 'subject', 'details'],
  },
  {
    kind: 'api_key',
    table: 'api_keys',
    key: 'id',
    columns: [
      'name',
      'key_hash',
      'scopes',
      'created_at',
      'revoked_at',
      'made_by',
      'approved_by',
      'works_since',
    ],
  },
  {
    kind: 'receipt_key',
    table: 'receipt_keys',
    key: 'kid',
    columns: ['public_x', 'made_at', 'retired_at'],
  },
  {
    kind: 'decisions',
    table: 'decision_roots',
    key: 'id',
    columns: ['at', 'batches', 'calls', 'answers', 'root'],
  },
  { kind: 'erasure', table: 'people', key: 'id', columns: ['erased_at'] },
];

/** Throws for a kind that no table has. */
export function requireSource(kind: string): LogSource {
  const source = logSources.find((one) => one.kind === kind);
  if (!source) throw new Error(`The log has no source of the kind "${kind}".`);
  return source;
}

export function nameOfRow({ table }: LogSource, ref: string): string {
  return `Row ${ref} of ${table}`;
}
