import { z } from 'zod';
import { isComparableTime } from '#db/comparable-time.ts';

/**
 * A permission that was not given on the web, with its evidence (law.md 6.4).
 *
 * The schema rejects what can never become usable, such as an outbound call that asks for consent. Evidence that can
 * still be added later (a scan, a recording) is reported as missing; until then the permission is not usable.
 */
const text = z.string().trim().min(1).max(500);
const sha256 = z
  .string()
  .regex(/^[0-9a-f]{64}$/i, 'A SHA-256 has 64 hexadecimal digits.')
  .toLowerCase();
const moment = z
  .union([z.iso.datetime({ offset: true }), z.iso.date()], { error: 'This is neither a date nor a time.' })
  .transform((iso) => new Date(iso).toISOString())
  .refine(isComparableTime, 'This is beyond the years that a calendar has.');
/** ISO time in UTC; null if the text is neither a date nor a time. */
export function readMoment(text: string): string | null {
  return moment.safeParse(text).data ?? null;
}

const inbound = z.literal('inbound', {
  error: 'A call that we make to ask for consent is itself advertising. Only calls that came in count.',
});

/** Missing because of other fields. Said together with all other faults. */
const requires = (name: string) => ({
  path: [name],
  message: 'This field is required.',
  params: { code: 'missing' },
  when: ({ value }: { value: unknown }) => typeof value === 'object' && value !== null,
});

const paper = z.looseObject({
  signed_at: moment.optional(),
  place: text.optional(),
  scan_sha256: sha256.optional(),
});

export const evidenceByMethod = {
  paper,
  postcard: paper,
  fax: paper,
  in_person: paper,
  phone_recorded: z.looseObject({
    number: text.optional(),
    direction: inbound,
    recording_ref: text.optional(),
    recording_sha256: sha256.optional(),
    recording_consent: z.literal(true, { error: 'Without consent to it, the recording must not be used.' }),
  }),
  phone_oral: z.looseObject({ number: text.optional(), direction: inbound, place: text.optional() }),
  dtmf: z.looseObject({
    number: text.optional(),
    ivr_script: text.optional(),
    call_log_ref: text.optional(),
    keys: text.optional(),
  }),
  import: z.looseObject({
    source: text,
    proof_ref: text.meta({ description: 'Without a proof the entry could never be used.' }),
    /** When the owner confirmed by mail, if the previous system used double opt-in. */
    confirmed_at: moment.optional(),
  }),
};

export const evidenceByBasis = {
  existing_customer: z
    .looseObject({
      sale_id: text.optional(),
      sale_date: moment.optional(),
      account_id: text.optional().meta({
        description:
          'An account with a paid offer behind it, in place of a sale, where legal has approved that.',
      }),
      opened_at: moment.optional(),
      product_line: text,
      address_from_customer: z.literal(true, {
        error: 'The address has to come from the customer (§ 7 Abs. 3 UWG).',
      }),
      notice_text_version: text.meta({
        description:
          'A version of the text of this purpose, or a notice of legal, that was live when it was shown.',
      }),
      notice_shown_at: moment,
    })
    .refine(({ sale_id, account_id, opened_at }) => sale_id ?? account_id ?? opened_at, requires('sale_id'))
    .refine(
      ({ sale_date, account_id, opened_at }) => sale_date ?? account_id ?? opened_at,
      requires('sale_date'),
    )
    .refine(({ account_id, opened_at }) => opened_at === undefined || account_id, requires('account_id'))
    .refine(({ account_id, opened_at }) => account_id === undefined || opened_at, requires('opened_at')),
  presumed: z.looseObject({
    reason_code: z.enum([
      'existing_business_relation',
      'concrete_request',
      'handed_over_card',
      'referral_named_person',
      'prior_contact_same_subject',
    ]),
    facts: z.string().trim().min(40, 'Say in 40 characters or more what happened.').max(5000),
    subject_of_call: text,
    product_line: text,
  }),
  legitimate_interest: z.looseObject({ source: text, balancing: z.string().trim().min(1).max(5000) }),
};

export type CaptureMethod = keyof typeof evidenceByMethod;

const line = z.string().trim().max(200).optional();

const common = {
  contact_point: z.string().min(1).max(1000),
  channel: z.enum(['email', 'sms', 'phone', 'fax', 'post']),
  purpose: z.string().min(1).max(100),
  audience: z.enum(['consumer', 'business']).default('consumer'),
  captured_at: moment,
  captured_by: text.meta({ description: 'Who took it: a name or a staff code.' }),
  person: z
    .strictObject({
      given_name: line,
      family_name: line,
      company: line,
      street: line,
      postal_code: line,
      city: line,
      country: line,
    })
    .default({}),
};

const methods = Object.keys(evidenceByMethod) as CaptureMethod[];
const grounds = Object.keys(evidenceByBasis) as (keyof typeof evidenceByBasis)[];

const byMethod = methods.map((method) =>
  z.strictObject({
    ...common,
    basis: z.literal('consent'),
    text_version: text,
    method: z.literal(method),
    evidence: evidenceByMethod[method],
  }),
);

const byBasis = grounds.map((basis) =>
  z.strictObject({
    ...common,
    basis: z.literal(basis),
    text_version: text.optional(),
    method: z.enum(methods as [CaptureMethod, ...CaptureMethod[]]).optional(),
    evidence: evidenceByBasis[basis],
  }),
);

export const captureSchema = z.discriminatedUnion('basis', [
  z.discriminatedUnion('method', byMethod as never),
  ...byBasis,
] as never) as unknown as z.ZodType<Capture>;

/** A line of an import. Unlike other captures it may lack a proof, and is then recorded as a claim. */
export const importedSchema = z.strictObject({
  ...common,
  basis: z.literal('consent').default('consent'),
  text_version: text,
  method: z.literal('import').default('import'),
  evidence: z.looseObject({ source: text, proof_ref: text.optional(), confirmed_at: moment.optional() }),
});

export interface Capture {
  contact_point: string;
  channel: 'email' | 'sms' | 'phone' | 'fax' | 'post';
  purpose: string;
  audience: 'consumer' | 'business';
  basis: 'consent' | 'existing_customer' | 'presumed' | 'legitimate_interest';
  text_version?: string;
  method?: CaptureMethod;
  captured_at: string;
  captured_by: string;
  person: Partial<
    Record<
      'given_name' | 'family_name' | 'company' | 'street' | 'postal_code' | 'city' | 'country',
      string | undefined
    >
  >;
  evidence: Record<string, unknown>;
}
