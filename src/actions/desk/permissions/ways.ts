import type { Basis, Channel } from '#db/schema/vocabulary.ts';
import type { CaptureMethod } from '#src/permissions/capture.ts';

/** One entry of a capture page. Its name is that of the API's evidence. */
export interface DeskField {
  name: DeskFieldName;
  kind: 'text' | 'long' | 'date' | 'moment' | 'check' | 'choice' | 'scan';
  /** Without it nothing is kept. What is neither may follow later, and leaves the permission unusable until then. */
  required?: boolean;
  choices?: string[];
}

type DeskFieldName =
  | 'answer'
  | 'direction'
  | 'captured_at'
  | 'captured_by'
  | 'number'
  | 'recording_consent'
  | 'recording_ref'
  | 'recording_sha256'
  | 'place'
  | 'signed_at'
  | 'scan'
  | 'ivr_script'
  | 'call_log_ref'
  | 'keys'
  | 'sale_id'
  | 'sale_date'
  | 'product_line'
  | 'address_from_customer'
  | 'notice_text_version'
  | 'notice_shown_at'
  | 'reason_code'
  | 'facts'
  | 'subject_of_call'
  | 'source'
  | 'balancing';

/** How a permission comes in besides the web form, with what law.md 6.4 and 6.3 demand of it. */
export interface Way {
  basis: Basis;
  method?: CaptureMethod;
  /** The words are read out now, so only those in use count; a printed card may carry older ones. */
  readAloud?: boolean;
  /** Where the law knows it on one channel only. */
  channel?: Channel;
  /** Typed once more from the paper (law.md 6.4). */
  typedTwice?: boolean;
  fields: DeskField[];
}

const taken: DeskField = { name: 'captured_by', kind: 'text', required: true };
const at: DeskField = { name: 'captured_at', kind: 'moment', required: true };
const asked: DeskField[] = [
  { name: 'answer', kind: 'choice', required: true, choices: ['yes', 'no'] },
  { name: 'direction', kind: 'choice', required: true, choices: ['inbound', 'outbound'] },
  at,
  taken,
  { name: 'number', kind: 'text' },
];
const signed: DeskField[] = [
  { name: 'signed_at', kind: 'date', required: true },
  { name: 'place', kind: 'text' },
  { name: 'scan', kind: 'scan' },
  taken,
];

const paper = (method: CaptureMethod): Way => ({
  basis: 'consent',
  method,
  typedTwice: true,
  fields: signed,
});

export const ways = {
  phone_recorded: {
    basis: 'consent',
    method: 'phone_recorded',
    readAloud: true,
    fields: [
      ...asked,
      { name: 'recording_consent', kind: 'check', required: true },
      { name: 'recording_ref', kind: 'text' },
      { name: 'recording_sha256', kind: 'text' },
    ],
  },
  phone_oral: {
    basis: 'consent',
    method: 'phone_oral',
    readAloud: true,
    fields: [...asked, { name: 'place', kind: 'text' }],
  },
  dtmf: {
    basis: 'consent',
    method: 'dtmf',
    fields: [
      at,
      taken,
      { name: 'number', kind: 'text' },
      { name: 'ivr_script', kind: 'text' },
      { name: 'call_log_ref', kind: 'text' },
      { name: 'keys', kind: 'text' },
    ],
  },
  paper: paper('paper'),
  postcard: paper('postcard'),
  fax: paper('fax'),
  in_person: paper('in_person'),
  existing_customer: {
    basis: 'existing_customer',
    channel: 'email',
    fields: [
      { name: 'sale_id', kind: 'text', required: true },
      { name: 'sale_date', kind: 'date', required: true },
      { name: 'product_line', kind: 'text', required: true },
      { name: 'address_from_customer', kind: 'check', required: true },
      { name: 'notice_text_version', kind: 'text', required: true },
      { name: 'notice_shown_at', kind: 'moment', required: true },
      taken,
    ],
  },
  presumed: {
    basis: 'presumed',
    channel: 'phone',
    fields: [
      {
        name: 'reason_code',
        kind: 'choice',
        required: true,
        choices: [
          'existing_business_relation',
          'concrete_request',
          'handed_over_card',
          'referral_named_person',
          'prior_contact_same_subject',
        ],
      },
      { name: 'facts', kind: 'long', required: true },
      { name: 'subject_of_call', kind: 'text', required: true },
      { name: 'product_line', kind: 'text', required: true },
      at,
      taken,
    ],
  },
  legitimate_interest: {
    basis: 'legitimate_interest',
    channel: 'post',
    fields: [
      { name: 'source', kind: 'text', required: true },
      { name: 'balancing', kind: 'long', required: true },
      taken,
    ],
  },
} satisfies Record<string, Way>;

export type WayName = keyof typeof ways;

export const consentWays = [
  'phone_recorded',
  'phone_oral',
  'dtmf',
  'paper',
  'postcard',
  'fax',
  'in_person',
] as const satisfies WayName[];
export const otherWays = [
  'existing_customer',
  'presumed',
  'legitimate_interest',
] as const satisfies WayName[];

export function isWay(name: string | undefined): name is WayName {
  return name !== undefined && Object.hasOwn(ways, name);
}

export function fieldsOf(way: WayName): DeskField[] {
  return ways[way].fields;
}
