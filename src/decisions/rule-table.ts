import { z } from 'zod';

export const channels = ['email', 'sms', 'phone', 'fax', 'post'] as const;
export const means = ['person', 'automatic'] as const;
export const audiences = ['consumer', 'business'] as const;
export const bases = ['consent', 'existing_customer', 'presumed', 'legitimate_interest', 'none'] as const;
const checks = ['ecg_check', 'star_entry_check'] as const;

/** The list of law.md 6.1, and the other duties that its tables name. */
const duties = [
  ...checks,
  'unsubscribe_link',
  'rfc8058_headers',
  'imprint',
  'notice_7_3_sentence',
  'art21_4_notice',
  'art14_source_notice',
  'show_caller_id',
  'log_use_7a',
  'announce_ai',
  'ask_recording_consent',
  'no_tracking',
  'frequency_max',
  'sender_id',
  'stop_at_base_cost',
  'stop_on_request',
  'do_not_contact',
  'keep_suppression_entry',
  'store_only',
  'no_re_permission',
  'no_reminder',
  'verify_channel',
  'complete_evidence',
  'correct_contact_point',
] as const;

const denials = [
  'no_permission',
  'no_permission_for_channel',
  'no_permission_for_purpose',
  'pending_confirmation',
  'refused',
  'withdrawn',
  'expired',
  'unused_too_long',
  'evidence_incomplete',
  'channel_not_verified',
  'suppressed_objection',
  'suppressed_complaint',
  'suppressed_bounce',
  'invalid_contact_point',
  'unknown_purpose',
  'restricted',
  'frequency_reached',
  'not_similar',
  'means_not_covered',
] as const;

/** All reasons of a decision: the closed list of the contract. */
export const reasons = [
  'consent_active',
  'existing_customer',
  'presumed_consent',
  'legitimate_interest',
  ...denials,
] as const;

const oneOrMore = <T extends z.ZodType>(one: T) =>
  z.union([one.transform((value) => [value]), z.array(one).min(1)]);
const law = z.array(z.string().min(1));
const dutyList = z.array(z.enum(duties));
const switches = z.enum(['allowUnconfirmedPaper', 'allowDisputed']);
const granting = z.enum(['allow', 'conditional']);

const proofSchema = z.strictObject({
  /** A: through the channel itself. B: signed or recorded. C: a note. D: a bare claim (law.md 6.4). */
  grade: z.enum(['A', 'B', 'C', 'D', 'none']),
  status: granting,
  /** Only where the operator switched it on. */
  policy: switches.optional(),
  /** Carries the contact only as this weaker basis, on its conditions. */
  as: z.literal('presumed').optional(),
});

const rowSchema = z.strictObject({
  channel: oneOrMore(z.enum(channels)),
  /** Of calls: whether a person speaks, or a calling machine or an artificial voice. */
  means: z.enum(means).default('person'),
  audience: oneOrMore(z.enum(audiences)),
  basis: oneOrMore(z.enum(bases)),
  status: z.enum(['allow', 'conditional', 'deny']),
  policy: switches.optional(),
  as: z.literal('legitimate_interest').optional(),
  /** The reason when the table denies. */
  reason: z.enum(denials).default('no_permission'),
  /** Which proof carries a consent, best first. */
  proofs: z
    .array(proofSchema)
    .default([])
    // `scrub/decide-lines.ts` relies on it: the end of a presumed consent is counted from the very moment it was given.
    .refine(
      (proofs) =>
        proofs.slice(0, proofs.findIndex(({ policy }) => !policy) + 1 || undefined).every(({ as }) => !as),
      {
        message: 'A consent confirmed through the channel itself (grade A) must not count as a presumed one.',
      },
    ),
  /** The reason when a proof of this grade does not carry the consent. */
  unproven: z.partialRecord(z.enum(['A', 'B', 'C', 'D']), z.enum(denials)).default({}),
  unprovenLaw: law.default([]),
  /** The record of § 7a UWG must be complete. */
  record7a: z.boolean().default(false),
  checks: z.array(z.strictObject({ name: z.enum(checks), unless: z.string().optional() })).default([]),
  law: law.min(1),
  duties: dutyList,
  /** Rulings behind the row. For readers; not in the answer. */
  cases: z.array(z.string()).default([]),
});

const nonUseSchema = z
  .strictObject({ flagMonths: z.int().min(1), denyMonths: z.int().min(1), limitMonths: z.int() })
  .refine((months) => months.flagMonths <= months.denyMonths && months.denyMonths <= months.limitMonths, {
    message: 'Non-use has to be flagged before it denies, and deny within the hard limit.',
  });

export const policySchema = z.strictObject({
  allowUnconfirmedPaper: z.boolean(),
  allowDisputed: z.boolean(),
  nonUse: z.record(z.enum(channels), nonUseSchema.nullable()),
  existingCustomerMonths: z.int().min(1).max(24),
  presumedMonths: z.int().min(1).max(12),
  registerCheckDays: z.int().min(1).max(30),
});

const denialSchema = z.strictObject({ law, duties: dutyList });

/** ISO 3166, two letters. `EU`: every country without a table of its own. */
const country = z.string().regex(/^[A-Z]{2}$/);

const validity = {
  jurisdiction: country,
  /** The first day of this law. Null: there is no earlier table. */
  from: z.iso.date().nullable(),
  /** The first day of the next table. Null: it is the law now. */
  until: z.iso.date().nullable(),
  /** How well each citation is known, as law.md marks it: V read, V2 read in a secondary source, U unverified. */
  marks: z.record(z.string(), z.enum(['V', 'V2', 'U'])),
};

/** The shape of a table in `rules/*.json` that speaks for itself. */
export const rulesSchema = z.strictObject({
  ...validity,
  policy: policySchema,
  denials: z.strictObject(keyed(denials, denialSchema)),
  rows: z.array(rowSchema),
});

/** The shape of a table that names only how it differs from another one. */
export const amendmentSchema = z.strictObject({
  ...validity,
  basedOn: z.string(),
  /** Articles that had another number. */
  citations: z.record(z.string(), z.string()),
  /** They replace what the other table says of the same cells. */
  rows: z.array(rowSchema),
});

export type Check = (typeof checks)[number];
export type Duty = (typeof duties)[number];
export type Denial = (typeof denials)[number];
export type RuleBasis = (typeof bases)[number];
export type Row = z.infer<typeof rowSchema>;
export type Means = (typeof means)[number];
export type Policy = z.infer<typeof policySchema>;

function keyed<K extends string, V>(keys: readonly K[], value: V): Record<K, V> {
  return Object.fromEntries(keys.map((key) => [key, value])) as Record<K, V>;
}
