/** law.md section 8, "Rate limits", "Resend of DOI mail" and "Confirm token lifetime". */
export const signupLimits = {
  /** Signups from one address, or one /64; wider networks have a multiple of it. An office shares one address. */
  perNetwork: { most: 12, minutes: 10 },
  /** Confirmation mails that go out by themselves to one address, over all forms. */
  mailsADay: { most: 1, minutes: 24 * 60 },
  /** Confirmation mails to one address that nobody answered, asked for or not. */
  mailsAMonth: { most: 3, minutes: 30 * 24 * 60 },
  /** Between two mails to one address that the person asks for. */
  resendAfterMinutes: 15,
  mailsARequest: 2,
  codeAttempts: 5,
  codeMinutes: 30,
  purgeAfterDays: 7,
  blockMonths: 12,
  minimumFillSeconds: 2,
} as const;
