export type Channel = 'email' | 'sms' | 'phone' | 'fax' | 'post';
/** The languages that the rules can read. */
export const ruleLanguages = ['de', 'en'] as const;
export type RuleLanguage = (typeof ruleLanguages)[number];

/**
 * One wording with everything it is compared with. What is left out is not known: the rules then
 * judge from the words alone instead of failing a good text for lack of facts.
 */
export interface CheckInput {
  locale: RuleLanguage;
  wording: string;
  /** A notice (§ 7(3) UWG) tells customers of advertising and of their right to object; by default it is a consent. */
  kind?: 'consent' | 'notice';
  /** The words around it, where it is shown. */
  title?: string;
  heading?: string;
  hint?: string;
  button?: string;
  /** Where the same thing is named again: confirmation mail, success page. */
  otherPlaces?: string[];
  channels?: Channel[];
  controllers?: Company[];
  recipients?: Company[];
  purposes?: Purpose[];
  /** Product lines and contents, in the language of the wording. */
  terms?: string[];
  frequency?: Frequency;
  /** The end that the purpose promises, if any. */
  promisedEnd?: string;
  /** Unknown counts as consumer. */
  audience?: 'consumer' | 'business';
  minAge?: number;
  jurisdiction?: 'DE' | 'AT' | 'CH';
  tracking?: Tracking;
  /** Which data the purpose uses, in the language of the wording. */
  dataCategories?: string[];
  /** The whole form. Without it the wording is one clause, and what the form may say for it is at most a hint. */
  form?: FormSchema;
  /** The same version in other languages, to find what drifted apart. */
  otherLocales?: OtherLocale[];
  /** The language the findings are written in; by default that of the wording. */
  reader?: RuleLanguage;
}

export interface Company {
  name: string;
  place?: string;
  lineOfBusiness?: string;
}

export interface Purpose {
  key: string;
  kind?: 'advertising' | 'disclosure' | 'tracking' | 'service';
}

export interface Frequency {
  times: number;
  per: Period;
}

export type Period = 'day' | 'week' | 'fortnight' | 'month' | 'quarter' | 'half_year' | 'year';

export interface Tracking {
  opens?: boolean;
  clicks?: boolean;
  personalisation?: boolean;
  /** Whether people are asked for it with a consent text of its own. */
  ownConsent?: boolean;
}

export interface FormSchema {
  /** How many purposes the whole form serves, an order or a prize draw included. */
  purposeCount?: number;
  controls?: FormControl[];
  fields?: FormField[];
  /** Whether the privacy notice is linked from the form itself. */
  linksPrivacyNotice?: boolean;
}

/** A control that gives consent. */
export interface FormControl {
  name: string;
  kind: 'checkbox' | 'radio' | 'toggle' | 'hidden' | 'select';
  checked?: boolean;
  /** What is sent without anybody touching the control. */
  value?: string | boolean;
  required?: boolean;
}

/** A field for data: `email`, `given_name`, `street` … as in the public contract. */
export interface FormField {
  name: string;
  required?: boolean;
  inNotice?: boolean;
}

export interface OtherLocale {
  locale: RuleLanguage;
  wording: string;
  terms?: string[];
}
