import type { ConfirmSignupMail } from '#emails/confirm-signup.ts';
import type { MailController } from '#emails/layout.ts';
import type { PermissionsChangedMail } from '#emails/permissions-changed.ts';

const at = '2026-03-12T09:04:00.000Z';

export const aController: MailController = {
  legal_name: 'Muster GmbH',
  privacy_email: 'datenschutz@muster.example',
  privacy_url: 'https://muster.example/datenschutz',
  privacy_version: '2.1',
  imprint: 'Muster GmbH\nMusterstraße 1, 63452 Hanau',
};

export function aConfirmation(changes: Partial<ConfirmSignupMail> = {}): ConfirmSignupMail {
  return {
    locale: 'de',
    controller: aController,
    address: 'anna@example.org',
    site: 'consent.example',
    enteredOn: 'www.muster.example',
    form: 'Newsletter',
    requestedAt: at,
    expiresAt: '2026-03-15T09:04:00.000Z',
    purgeAt: '2026-03-19T09:04:00.000Z',
    codeExpiresAt: '2026-03-12T09:34:00.000Z',
    consents: [
      {
        title: 'Produktneuigkeiten',
        channel: 'email',
        wording: 'Ja, die Muster GmbH darf mir Werbung per E-Mail schicken.',
        locale: 'de',
        ref: 'product-news/email/de@1.0',
      },
    ],
    reference: 'sig_1',
    ...changes,
  };
}

export function aPermissionsChange(changes: Partial<PermissionsChangedMail> = {}): PermissionsChangedMail {
  const blank = { contactPoint: null, settledState: 'none', verified: true, basis: null } as const;
  return {
    locale: 'de',
    at,
    changes: [
      { title: 'Produktneuigkeiten', channel: 'email', to: 'granted' },
      { title: 'Angebote', channel: 'email', to: 'pending' },
      { title: 'Einladungen', channel: 'phone', to: 'granted' },
      { title: 'Einladungen', channel: 'email', to: 'withdrawn' },
    ],
    controllers: [
      {
        ...aController,
        cells: [
          { ...blank, title: 'Produktneuigkeiten', channel: 'email', state: 'granted', since: at },
          { ...blank, title: 'Produktneuigkeiten', channel: 'post', state: 'none', since: null },
          { ...blank, title: 'Einladungen', channel: 'email', state: 'withdrawn', since: at },
          {
            ...blank,
            title: 'Einladungen',
            channel: 'phone',
            contactPoint: '+49 ••• •• 10',
            state: 'granted',
            since: at,
            verified: false,
          },
          { ...blank, title: 'Angebote', channel: 'email', state: 'pending', since: at },
        ],
      },
    ],
    reference: 'sig_1',
    ...changes,
  };
}
