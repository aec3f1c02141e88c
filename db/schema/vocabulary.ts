export type Channel = 'email' | 'sms' | 'phone' | 'fax' | 'post';

/** The tag of a language, such as `de`: a folder of src/i18n. Any text may stand in a row whose language is gone. */
export type Locale = string;

export type Basis = 'consent' | 'existing_customer' | 'presumed' | 'legitimate_interest';

/**
 * What shows a consent (law.md 6.4). `A`: through the channel itself. `claimed`: another system says so. `B`: signed or
 * recorded. `C`: a note. `D`: a bare claim.
 */
export type EvidenceGrade = 'A' | 'claimed' | 'B' | 'C' | 'D';

export type PermissionState = 'none' | 'pending' | 'granted' | 'refused' | 'withdrawn' | 'expired';
