import type { Channel } from '#db/schema.ts';

/** After how many months without use a permission is pointed out, and no longer used (law.md section 8). */
export interface NonUseRule {
  flagMonths: number;
  denyMonths: number;
  /** Beyond this no reason helps. */
  limitMonths: number;
}

/** Null: a permission for post does not grow old; each letter names the right to object (Art. 21 (4) GDPR). */
export const nonUseRules: Record<Channel, NonUseRule | null> = {
  email: { flagMonths: 12, denyMonths: 24, limitMonths: 48 },
  sms: { flagMonths: 6, denyMonths: 24, limitMonths: 24 },
  phone: { flagMonths: 6, denyMonths: 24, limitMonths: 60 },
  fax: { flagMonths: 6, denyMonths: 12, limitMonths: 24 },
  post: null,
};

/** An existing customer counts as one for so long after the sale or the last mail. */
export const existingCustomerMonths = 24;

/**
 * Proof is kept until the end of so many years after the year of the last use or withdrawal: for three years a
 * fine may follow (§ 31 (2) OWiG, §§ 195, 199 BGB). No law in the list asks for more than five (§ 7a (2) UWG).
 */
export const proofYears = { usual: 3, least: 3, most: 5 };
