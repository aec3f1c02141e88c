/** The company that is responsible and named in the texts. */
export interface ControllerTable {
  id: string;
  key: string;
  legal_name: string;
  /** One line: street, postal code and city. */
  address: string;
  country: string;
  /** The address for questions about data; also the way to withdraw informally. */
  privacy_email: string;
  privacy_url: string;
  privacy_version: string;
  /** The imprint of § 5 DDG, line by line, as mails print it. */
  imprint: string;
  /** 1: a person who has just withdrawn everything gets a mail about that too. */
  mails_after_withdrawal: number;
  /** 1: confirmations that another system claims are not used. */
  refuses_claimed: number;
  /** Incremented with each change, so that the second of two people editing at once is told. */
  revision: number;
  created_at: string;
}

/** Every version of a company's privacy notice. The newest valid one is also stored with the company. */
export interface PrivacyNoticeTable {
  id: string;
  controller_id: string;
  version: string;
  url: string;
  valid_from: string;
  /** What changed, as a note for colleagues. */
  note: string | null;
  created_at: string;
}
