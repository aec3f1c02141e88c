/** A request and its answers, as the document of the API shows them. */
export interface Example {
  /** JSON, or the text of a file. */
  body?: unknown;
  /** By status. */
  answers?: Record<number, unknown>;
}

const anna = 'anna@example.org';
const permission = 'per_0199d3c0-5c1e-7a3b-9f00-3b1c2d4e5f60';
const webhook = {
  id: 'whk_0199d3c0-6a10-7c21-8b00-1a2b3c4d5e6f',
  url: 'https://crm.example.org/jawort',
  events: ['permission.granted', 'permission.withdrawn'],
  created_at: '2026-11-02T09:00:00.000Z',
};

/** By the id of the operation. Each is checked against the schemas and sent to the API by a test. */
export const examples: Record<string, Example> = {
  decide: {
    body: { purpose: 'product-news', channel: 'email', contact_points: [anna], include: ['links'] },
    answers: {
      200: {
        decisions: [
          {
            contact_point: anna,
            allowed: true,
            state: 'granted',
            basis: 'consent',
            reason: 'consent_active',
            law: ['§ 7 Abs. 2 Nr. 2 UWG', 'Art. 6 Abs. 1 lit. a DSGVO'],
            duties: ['unsubscribe_link', 'rfc8058_headers', 'imprint', 'frequency_max', 'no_tracking'],
            permission_id: permission,
            text_version: 'product-news/email/de@1.0',
            granted_at: '2026-11-01T12:00:00.000Z',
            valid_until: null,
            unused_until: '2028-11-01T12:00:00.000Z',
            allowed_again_at: null,
            missing: [],
            flags: [],
            jurisdiction: 'DE',
            rules_version: 'de@2022-05-28.8bda4ecb',
            decision_id: 'dec_9f3a61c2b04e-1z',
            preferences_url: 'https://consent.example.org/p/m_Zx…',
            unsubscribe_url: 'https://consent.example.org/u/u_Qw…',
            list_unsubscribe: '<https://consent.example.org/u/u_Qw…>',
            list_unsubscribe_post: 'List-Unsubscribe=One-Click',
          },
        ],
        decided_at: '2026-11-02T09:00:00.000Z',
      },
    },
  },
  decideStream: { body: 'contact_point,name\nanna@example.org,Anna\n' },
  captureConsent: {
    body: {
      contact_point: '+4930123456',
      channel: 'phone',
      purpose: 'service-calls',
      audience: 'consumer',
      basis: 'consent',
      text_version: 'service-calls/phone/de@1.0',
      method: 'phone_recorded',
      captured_at: '2026-10-29T10:00:00Z',
      captured_by: 'MS',
      person: {
        given_name: 'Anna',
        family_name: 'Muster',
        street: 'Musterweg 2',
        postal_code: '20095',
        city: 'Hamburg',
      },
      evidence: {
        number: '+4930123456',
        direction: 'inbound',
        recording_ref: 'call centre 7, no. 4711',
        recording_sha256: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
        recording_consent: true,
      },
    },
    answers: {
      201: {
        permission_id: permission,
        state: 'granted',
        evidence_grade: 'B',
        usable: true,
        reason: 'consent_active',
        missing: [],
        notified: false,
        letter: true,
      },
    },
  },
  withdraw: {
    body: { contact_point: anna, purpose: 'product-news', how: 'telephone' },
    answers: {
      200: {
        matched: 1,
        changes: [
          {
            permission_id: permission,
            purpose: 'product-news',
            channel: 'email',
            from: 'granted',
            to: 'withdrawn',
          },
        ],
        suppressed: false,
        notified: true,
        letter: false,
      },
    },
  },
  reportSuppressions: {
    body: [
      {
        contact_point: 'old@example.org',
        channel: 'email',
        reason: 'bounce',
        at: '2026-10-30T08:00:00Z',
        source: 'newsletter tool',
      },
    ],
    answers: { 200: { recorded: 1, suppressed: 1, withdrawn: 0 } },
  },
  makeDossier: { body: { permission_id: permission, at: '2026-11-02T09:00:00Z' } },
  recordUses: {
    body: [
      {
        contact_point: anna,
        purpose: 'product-news',
        channel: 'email',
        used_at: '2026-11-02T08:59:00Z',
        campaign: '2026-11',
      },
    ],
    answers: { 201: { recorded: 1, after_the_end: 0 } },
  },
  lookUpPermissions: { body: { contact_point: anna, lang: 'en' } },
  importConsents: {
    body:
      'contact_point,channel,purpose,text_version,captured_at,captured_by,source,proof_ref,confirmed_at\n' +
      'anna@example.org,email,product-news,product-news/email/de@1.0,2026-05-01,old CRM,old CRM,ticket 4711,2026-05-01\n',
  },
  addWebhook: {
    body: { url: webhook.url, events: webhook.events },
    answers: { 201: { ...webhook, secret: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw' } },
  },
  listWebhooks: { answers: { 200: { data: [webhook], next_cursor: null, has_more: false } } },
  listEvents: {
    answers: {
      200: {
        data: [
          {
            id: 'evt_0199d3c0-5c1e-7a3b-9f00-000000000001',
            position: 1,
            event: 'confirmed',
            occurred_at: '2026-11-01T12:00:00.000Z',
            permission_id: permission,
            contact_point_id: 'cpt_0199d3c0-5c1e-7a3b-9f00-000000000002',
            purpose: 'product-news',
            channel: 'email',
            basis: 'consent',
            text_version: 'product-news/email/de@1.0',
            origin: 'confirmation',
          },
        ],
        next_cursor: 'dGhpcyBpcyBhIGN1cnNvcg',
        has_more: false,
      },
    },
  },
  submitForm: {
    body: {
      form_version: '0199d3c0-5c1e-7a3b-9f00-3b1c2d4e5f60',
      lang: 'de',
      email: anna,
      consents: [
        {
          value: 'product-news:email',
          sha256: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
        },
      ],
      page_url: 'https://www.example.org/newsletter',
    },
    answers: { 202: { status: 'confirmation_sent' } },
  },
};
