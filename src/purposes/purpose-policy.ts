import type { Channel } from '#db/schema/vocabulary.ts';

/** After how many months without use a permission is flagged, and denied (law.md section 8). */
export interface NonUseRule {
  flagMonths: number;
  denyMonths: number;
  /** Maximum for `denyMonths`, whatever the reason. */
  limitMonths: number;
}

/** Null: permissions for post do not lapse, because each letter names the right to object (Art. 21 (4) GDPR). */
export const nonUseRules: Record<Channel, NonUseRule | null> = {
  email: { flagMonths: 12, denyMonths: 24, limitMonths: 48 },
  sms: { flagMonths: 6, denyMonths: 24, limitMonths: 24 },
  phone: { flagMonths: 6, denyMonths: 24, limitMonths: 60 },
  fax: { flagMonths: 6, denyMonths: 12, limitMonths: 24 },
  post: null,
};

/** How long someone counts as an existing customer after the sale or the last mail. */
export const existingCustomerMonths = 24;

/**
 * Years to keep proof, from the end of the year of the last use or withdrawal. A fine is possible for three years (§ 31
 * (2) OWiG, §§ 195, 199 BGB); the longest legal requirement is five years (§ 7a (2) UWG).
 */
export const proofYears = { usual: 3, least: 3, most: 5 };
