import { describe, expect, it } from 'vitest';
import { isStateWord, readsLikeState } from '#src/exchange/state-columns.ts';

describe('readsLikeState', () => {
  it('finds a status, an end or a no in the exports of other systems', () => {
    const asked = [
      ...[
        'UNSUB_TIME',
        'UNSUB_REASON',
        'CLEAN_TIME',
        'status',
        'deleted',
        'deleted_at',
        'PrivacyConsentStatus',
      ],
      ...[
        'Unsubscribed from all email',
        'Email hard bounce reason',
        'Email Marketing Consent',
        'EffectiveTo',
      ],
      ...[
        'Email Suppressions',
        'DOUBLE_OPT-IN',
        'subscribed_to_emails',
        'Newsletter',
        'Abmeldedatum',
        'optedOut',
      ],
      ...[
        'Accepts Marketing',
        'Widerruf am',
        'Sperrvermerk',
        'Gültig bis',
        'Gelöscht',
        'Kündigungsdatum',
        'DNC',
      ],
      ...[
        'Do not contact',
        'Do-not-mail',
        'Robinson',
        'Einwilligung',
        'email_permission',
        'Abgemeldet am',
        'Zustand',
      ],
      ...[
        'Désabonné le',
        'Spam',
        'blocklisted',
        'subscription_state',
        'Inaktiv',
        'Expires',
        'hardBounce',
        'DOI',
      ],
    ];
    expect(asked.filter((name) => !readsLikeState(name))).toEqual([]);
  });

  it('finds none in who, when, where and what for', () => {
    const others = [
      ...[
        'Email Address',
        'First Name',
        'MEMBER_RATING',
        'OPTIN_TIME',
        'OPTIN_IP',
        'CONFIRM_TIME',
        'GMTOFF',
        'CC',
      ],
      ...[
        'TIMEZONE',
        'REGION',
        'LAST_CHANGED',
        'UNSUB_CAMPAIGN_TITLE',
        'UNSUB_CAMPAIGN_ID',
        'LEID',
        'EUID',
        'TAGS',
      ],
      ...['NOTES', 'UNSUB_REASON_OTHER', 'Record ID', 'Create Date', 'Klaviyo ID', 'Phone Number', 'Source'],
      ...[
        'Email Marketing Consent Timestamp',
        'Date Added',
        'Last Open',
        'SMS',
        'ADDED_TIME',
        'created_ip',
        'activated',
      ],
      ...[
        'complimentary_plan',
        'stripe_customer_id',
        'labels',
        'uuid',
        'attributes',
        'CaptureDate',
        'CaptureSource',
      ],
      ...[
        'DoubleConsentCaptureDate',
        'EffectiveFrom',
        'ContactPointType',
        'Anrede',
        'PLZ',
        'Ort',
        'Anmeldedatum',
      ],
      ...[
        'Bestätigungsdatum',
        'Einwilligung am',
        'Bestätigt am',
        'Versand seit',
        'Letzter Versand',
        'Beleg',
        'State',
      ],
      ...[
        'contact_point',
        'text_version',
        'captured_at',
        'proof_ref',
        'confirmed_at',
        'Customer No',
        'Unsubscribe URL',
      ],
    ];
    expect(others.filter(readsLikeState)).toEqual([]);
  });
});

describe('isStateWord', () => {
  it('knows a word for a status in any spelling, and no other word', () => {
    const words = [
      'Unsubscribed',
      ' never_subscribed',
      'OPT-OUT',
      'abgemeldet',
      'Gelöscht',
      'hard bounce',
      'active',
    ];
    expect(words.filter((word) => !isStateWord(word))).toEqual([]);
    expect(['Gold', 'ja', 'false', 'Ulm', '', 'Active Sports GmbH'].filter(isStateWord)).toEqual([]);
  });
});
