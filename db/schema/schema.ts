import type { ApiKeyTable, IdempotencyKeyTable } from './api-keys.ts';
import type {
  ConsentTextStepTable,
  ConsentTextTable,
  ConsentTextVersionTable,
  TextNoticeTable,
} from './consent-texts.ts';
import type { ControllerTable, PrivacyNoticeTable } from './controllers.ts';
import type { CustomerRuleTable } from './customer-rules.ts';
import type { EventTable, LedgerPositionTable, LedgerQueueTable, UseTable } from './events.ts';
import type { EvidenceFileTable, EvidenceTable, GroundTable } from './evidence.ts';
import type {
  ConfirmDelayTable,
  FigureMarkTable,
  FigureProgressTable,
  FormDayTable,
  FormPageTable,
  FormSourceTable,
  PermissionDayTable,
} from './figures.ts';
import type {
  FormAlarmTable,
  FormSwitchesTable,
  FormTestAddressTable,
  PausedBoxTable,
} from './form-switches.ts';
import type {
  FormDraftTable,
  FormSubmissionTable,
  FormTable,
  FormVersionPageTable,
  FormVersionTable,
} from './forms.ts';
import type { ImportLineTable, ImportPartTable, ImportTable } from './imports.ts';
import type { JobTable } from './jobs.ts';
import type { DecisionBatchTable, DecisionRootTable } from './kept-decisions.ts';
import type { FormKioskTable, FormShortLinkTable } from './kiosks.ts';
import type { LetterTable } from './letters.ts';
import type {
  LogCheckpointTable,
  LogCosignatureTable,
  LogEntryTable,
  LogQueueTable,
  LogStampTable,
  LogTileTable,
  LogWatcherTable,
} from './log.ts';
import type { MailPauseTable, MailTable } from './mails.ts';
import type { ContactPointTable, PersonTable } from './people.ts';
import type { PermissionCountChangeTable, PermissionCountTable, PermissionTable } from './permissions.ts';
import type { PersonEventTable } from './person-events.ts';
import type {
  PurposeChannelTable,
  PurposeTable,
  PurposeThirdPartyTable,
  PurposeTranslationTable,
} from './purposes.ts';
import type { RateLimitTable } from './rate-limits.ts';
import type { ReceiptKeyTable } from './receipt-keys.ts';
import type { SecretCheckTable } from './secret-check.ts';
import type { PurgedLinkTable, SignupItemTable, SignupTable } from './signups.ts';
import type {
  AuditEntryTable,
  StaffRecoveryCodeTable,
  StaffSessionTable,
  StaffTable,
  StaffTokenTable,
} from './staff.ts';
import type { RefusalTable, SuppressionTable } from './suppressions.ts';
import type { WebhookDeliveryTable, WebhookNewsTable, WebhookTable } from './webhooks.ts';

/**
 * The data dictionary: every table and column with its meaning. Types only; the SQL is in `migrations/`.
 *
 * Times are ISO-8601 UTC text, flags 0/1, ids UUIDv7 text, JSON is text. What ends in `_enc` is encrypted
 * with the key of the person it belongs to (AES-256-GCM), what ends in `_hash` cannot be turned back.
 */
export interface Schema {
  controllers: ControllerTable;
  privacy_notices: PrivacyNoticeTable;
  customer_rules: CustomerRuleTable;
  purposes: PurposeTable;
  purpose_translations: PurposeTranslationTable;
  purpose_channels: PurposeChannelTable;
  purpose_third_parties: PurposeThirdPartyTable;
  consent_texts: ConsentTextTable;
  consent_text_versions: ConsentTextVersionTable;
  consent_text_steps: ConsentTextStepTable;
  permission_counts: PermissionCountTable;
  permission_count_changes: PermissionCountChangeTable;
  forms: FormTable;
  form_versions: FormVersionTable;
  form_version_pages: FormVersionPageTable;
  form_drafts: FormDraftTable;
  form_switches: FormSwitchesTable;
  paused_boxes: PausedBoxTable;
  text_notices: TextNoticeTable;
  form_test_addresses: FormTestAddressTable;
  form_alarms: FormAlarmTable;
  form_submissions: FormSubmissionTable;
  form_short_links: FormShortLinkTable;
  form_kiosks: FormKioskTable;
  people: PersonTable;
  contact_points: ContactPointTable;
  suppressions: SuppressionTable;
  refusals: RefusalTable;
  signups: SignupTable;
  signup_items: SignupItemTable;
  purged_links: PurgedLinkTable;
  permissions: PermissionTable;
  events: EventTable;
  evidence: EvidenceTable;
  person_events: PersonEventTable;
  mails: MailTable;
  mail_pause: MailPauseTable;
  letters: LetterTable;
  rate_limits: RateLimitTable;
  secret_check: SecretCheckTable;
  jobs: JobTable;
  staff: StaffTable;
  staff_sessions: StaffSessionTable;
  staff_recovery_codes: StaffRecoveryCodeTable;
  staff_tokens: StaffTokenTable;
  audit_entries: AuditEntryTable;
  api_keys: ApiKeyTable;
  idempotency_keys: IdempotencyKeyTable;
  grounds: GroundTable;
  evidence_files: EvidenceFileTable;
  uses: UseTable;
  decision_batches: DecisionBatchTable;
  decision_roots: DecisionRootTable;
  ledger_queue: LedgerQueueTable;
  ledger_positions: LedgerPositionTable;
  webhooks: WebhookTable;
  webhook_deliveries: WebhookDeliveryTable;
  webhook_news: WebhookNewsTable;
  imports: ImportTable;
  import_parts: ImportPartTable;
  import_lines: ImportLineTable;
  form_days: FormDayTable;
  confirm_delays: ConfirmDelayTable;
  permission_days: PermissionDayTable;
  form_pages: FormPageTable;
  form_sources: FormSourceTable;
  figure_marks: FigureMarkTable;
  figure_progress: FigureProgressTable;
  log_queue: LogQueueTable;
  log_entries: LogEntryTable;
  log_tiles: LogTileTable;
  log_checkpoints: LogCheckpointTable;
  log_cosignatures: LogCosignatureTable;
  log_stamps: LogStampTable;
  log_watchers: LogWatcherTable;
  receipt_keys: ReceiptKeyTable;
}
