import { z } from 'zod';
import { isComparableTime } from '#db/comparable-time.ts';
import type { EvidenceGrade } from '#db/schema.ts';

/**
 * A permission that was not given on the web, with what shows it (law.md 6.4).
 *
 * Two kinds of gaps: what can never be put right (an outbound call that asked, a reason that is none) is refused
 * by the schema; what may still be handed in (a scan, a recording) is named as missing, and until then the
 * permission is not usable.
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
/** As a time in UTC; null for what is neither a date nor a time. */
export function readMoment(text: string): string | null {
  return moment.safeParse(text).data ?? null;
}

const inbound = z.literal('inbound', {
  error: 'A call that we make to ask for consent is itself advertising. Only calls that came in count.',
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
    /** When the owner of the mailbox confirmed by its link, where the former system asked for that. */
    confirmed_at: moment.optional(),
  }),
};

export const evidenceByBasis = {
  existing_customer: z.looseObject({
    sale_id: text,
    sale_date: moment,
    product_line: text,
    address_from_customer: z.literal(true, {
      error: 'The address has to come from the customer (§ 7 Abs. 3 UWG).',
    }),
    notice_text_version: text,
    notice_shown_at: moment,
  }),
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

/** A line of an import: as above, but one without proof comes in as what it is, a bare claim. */
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

/** Another system holds only a request, which its person never confirmed. */
export function isOpenElsewhere({ method, evidence }: Capture): boolean {
  return method === 'import' && evidence.state === 'pending';
}

/** When the owner of the mailbox confirmed it, as another system says. */
export function claimedAt(capture: Capture): string | null {
  const { evidence, channel } = capture;
  return weigh(capture).grade === 'claimed' && channel === 'email' ? String(evidence.confirmed_at) : null;
}

/** What the evidence is worth, and what of it could still be handed in. */
export function weigh(capture: Capture): {
  grade: EvidenceGrade | null;
  verified: boolean;
  missing: string[];
  missing7a: string[];
} {
  const { basis, method, evidence, channel } = capture;
  if (basis !== 'consent' || !method) return { grade: null, verified: false, missing: [], missing7a: [] };
  const missing = (wanted[method] ?? []).filter((name) => evidence[name] === undefined);
  if (method === 'import' && evidence.proof_ref === undefined) {
    return { grade: 'D', verified: false, missing: ['proof_ref'], missing7a: [] };
  }
  if (isOpenElsewhere(capture)) {
    return { grade: 'B', verified: false, missing: ['confirmed_at'], missing7a: [] };
  }
  const confirmed = method === 'import' && channel === 'email' && evidence.confirmed_at !== undefined;
  return {
    // What another system says it had confirmed was not seen here.
    grade: confirmed ? 'claimed' : grades[method],
    verified: confirmed,
    missing,
    missing7a: channel === 'phone' ? missing7a(capture) : [],
  };
}

const wanted: Partial<Record<CaptureMethod, string[]>> = {
  paper: ['signed_at', 'place', 'scan_sha256'],
  postcard: ['signed_at', 'place', 'scan_sha256'],
  fax: ['signed_at', 'place', 'scan_sha256'],
  in_person: ['signed_at', 'place', 'scan_sha256'],
  phone_recorded: ['number', 'recording_ref', 'recording_sha256'],
  phone_oral: ['number', 'place'],
  dtmf: ['number', 'ivr_script', 'call_log_ref', 'keys'],
};

const grades: Record<CaptureMethod, EvidenceGrade> = {
  paper: 'B',
  postcard: 'B',
  fax: 'B',
  in_person: 'B',
  phone_recorded: 'B',
  phone_oral: 'C',
  dtmf: 'B',
  import: 'B',
};

/** § 7a UWG, as the Bundesnetzagentur reads it: who consented, with name and postal address. */
function missing7a({ person, method }: Capture): string[] {
  const named = person.given_name && person.family_name;
  const placed = person.street && person.postal_code && person.city;
  return [
    ...(named ? [] : ['person.name']),
    ...(placed ? [] : ['person.address']),
    ...(method === 'phone_oral' ? ['recording_ref'] : []),
  ];
}
