/** What was checked, and how it came out. */
export interface Check {
  code: CheckCode;
  ok: boolean;
  /** The file, key or entry that it is about. */
  about: string;
  /** What stands in its sentence, e.g. the number of an entry. */
  detail?: string;
}

export type CheckCode =
  | 'file'
  | 'file_missing'
  | 'file_unlisted'
  | 'list_unreadable'
  | 'list_logged'
  | 'list_or_leaves'
  | 'leaves_unreadable'
  | 'key_unreadable'
  | 'key_trusted'
  | 'head_signed'
  | 'head_unreadable'
  | 'head_continued'
  | 'head_cosigned'
  | 'head_stamped'
  | 'entry_included'
  | 'evidence_logged'
  | 'address_logged'
  | 'page_defined'
  | 'mail_as_kept'
  | 'mail_kept_only';

export type DossierVerdict =
  | { outcome: 'unreadable'; because: 'no_dossier' | 'other_format' }
  | {
      outcome: 'genuine' | 'not_genuine';
      /** The log that it was taken from. */
      origin: string;
      /** How many entries that log had. */
      size: number;
      /** The first key of the chain, as it is written down: compare it with one that you have from elsewhere. */
      key: string;
      checks: Check[];
    };
