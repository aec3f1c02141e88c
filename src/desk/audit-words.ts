import type { MessageKey, Translate } from '#src/i18n/translate.ts';

/** What an act is called; one that has no words yet is shown by its code. */
export function actText(t: Translate, act: string): string {
  const key = words[act];
  return key ? t(key) : act;
}

/** The acts that have words, in those words' order, for choosing one. */
export function knownActs(t: Translate): { act: string; text: string }[] {
  const all = Object.keys(words).map((act) => ({ act, text: actText(t, act) }));
  return all.sort((a, b) => a.text.localeCompare(b.text, t.locale));
}

export interface DetailLine {
  name: string;
  /** Undefined where nothing was replaced. */
  from: string | undefined;
  to: string;
}

/** The details of an audit entry, one line each, as they can be read. */
export function detailLines(details: string): DetailLine[] {
  return Object.entries(JSON.parse(details) as Record<string, unknown>).map(([name, value]) => {
    if (isChange(value)) return { name, from: readable(value.from), to: readable(value.to) };
    return { name, from: undefined, to: readable(value) };
  });
}

function isChange(value: unknown): value is { from: unknown; to: unknown } {
  return typeof value === 'object' && value !== null && 'from' in value && 'to' in value;
}

export function readable(value: unknown): string {
  if (value === null || value === undefined || value === '') return '–';
  if (Array.isArray(value)) return value.length > 0 ? value.map(readable).join('; ') : '–';
  if (typeof value === 'object') {
    return Object.entries(value)
      .map(([name, inner]) => `${name} ${readable(inner)}`)
      .join(', ');
  }
  return String(value);
}

const words: Record<string, MessageKey> = {
  'account.signed_in': 'staff.act.account.signed_in',
  'account.signed_out': 'staff.act.account.signed_out',
  'account.sign_in_failed': 'staff.act.account.sign_in_failed',
  'account.session_ended': 'staff.act.account.session_ended',
  'account.password_set': 'staff.act.account.password_set',
  'account.reset_asked': 'staff.act.account.reset_asked',
  'account.language': 'staff.act.account.language',
  'account.two_factor_on': 'staff.act.account.two_factor_on',
  'account.two_factor_off': 'staff.act.account.two_factor_off',
  'account.recovery_codes': 'staff.act.account.recovery_codes',
  'staff.invited': 'staff.act.staff.invited',
  'staff.added': 'staff.act.staff.added',
  'staff.changed': 'staff.act.staff.changed',
  'staff.link_sent': 'staff.act.staff.link_sent',
  'purpose.added': 'staff.act.purpose.added',
  'purpose.changed': 'staff.act.purpose.changed',
  'purpose.retired': 'staff.act.purpose.retired',
  'purpose.restored': 'staff.act.purpose.restored',
  'controller.added': 'staff.act.controller.added',
  'controller.changed': 'staff.act.controller.changed',
  'controller.notice_published': 'staff.act.controller.notice_published',
  'text.created': 'staff.act.text.created',
  'text.edited': 'staff.act.text.edited',
  'text.discarded': 'staff.act.text.discarded',
  'text.sent_to_review': 'staff.act.text.sent_to_review',
  'text.returned': 'staff.act.text.returned',
  'text.overridden': 'staff.act.text.overridden',
  'text.acknowledged': 'staff.act.text.acknowledged',
  'text.approved': 'staff.act.text.approved',
  'text.rejected': 'staff.act.text.rejected',
  'text.scheduled': 'staff.act.text.scheduled',
  'text.unscheduled': 'staff.act.text.unscheduled',
  'text.publish_refused': 'staff.act.text.publish_refused',
  'text.went_live': 'staff.act.text.went_live',
  'text.retired': 'staff.act.text.retired',
  'text.invalidated': 'staff.act.text.invalidated',
  'text.stopped': 'staff.act.text.stopped',
  'text.people_told': 'staff.act.text.people_told',
  'text.affected_exported': 'staff.act.text.affected_exported',
  'text.resumed': 'staff.act.text.resumed',
  'text.review_needed': 'staff.act.text.review_needed',
  'text.review_cleared': 'staff.act.text.review_cleared',
  'form.closed': 'staff.act.form.closed',
  'form.reopened': 'staff.act.form.reopened',
  'form.proof_on': 'staff.act.form.proof_on',
  'form.proof_off': 'staff.act.form.proof_off',
  'form.limits': 'staff.act.form.limits',
  'form.alarms_seen': 'staff.act.form.alarms_seen',
  'form.test_on': 'staff.act.form.test_on',
  'form.test_off': 'staff.act.form.test_off',
  'form.short_link': 'staff.act.form.short_link',
  'form.created': 'staff.act.form.created',
  'form.copied': 'staff.act.form.copied',
  'form.changed': 'staff.act.form.changed',
  'form.published': 'staff.act.form.published',
  'form.archived': 'staff.act.form.archived',
  'permissions.looked_up': 'staff.act.permissions.looked_up',
  'permissions.captured': 'staff.act.permissions.captured',
  'permissions.withdrawn': 'staff.act.permissions.withdrawn',
  'permissions.scan_attached': 'staff.act.permissions.scan_attached',
  'permissions.restricted': 'staff.act.permissions.restricted',
  'permissions.unrestricted': 'staff.act.permissions.unrestricted',
  'permissions.links_revoked': 'staff.act.permissions.links_revoked',
  'permissions.block_lifted': 'staff.act.permissions.block_lifted',
  'permissions.register_checked': 'staff.act.permissions.register_checked',
  'key.made': 'staff.act.key.made',
  'key.approved': 'staff.act.key.approved',
  'key.revoked': 'staff.act.key.revoked',
  'webhook.added': 'staff.act.webhook.added',
  'webhook.removed': 'staff.act.webhook.removed',
  'webhook.secret_rotated': 'staff.act.webhook.secret_rotated',
  'webhook.replayed': 'staff.act.webhook.replayed',
  'import.filed': 'staff.act.import.filed',
  'import.released': 'staff.act.import.released',
  'import.discarded': 'staff.act.import.discarded',
  'export.taken': 'staff.act.export.taken',
};
