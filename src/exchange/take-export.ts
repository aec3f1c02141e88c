import type { App } from '#src/app/app.ts';
import type { ContactQuestion } from '#src/decisions/decide-contacts.ts';
import { findDecisionPurpose } from '#src/decisions/purpose.ts';
import { type Actor, requireAbility } from '#src/staff/actor.ts';
import { recordAudit } from '#src/staff/audit.ts';
import { export7a, type Period } from './export-7a.ts';
import { exportContactable, faultOfQuestion } from './export-contactable.ts';
import { exportSuppressions } from './export-suppressions.ts';

/** A list for a member of staff. The audit trail has its entry before the first line is sent. */
export async function takeContactable(
  app: App,
  by: Actor,
  question: ContactQuestion,
): Promise<AsyncGenerator<string> | 'unknown'> {
  requireAbility(by, 'exports.take');
  if (faultOfQuestion(await findDecisionPurpose(app.db, question.purpose), question.channel))
    return 'unknown';
  const { purpose, channel, audience, jurisdiction } = question;
  await note(app, by, 'export:contactable', { purpose, channel, audience, jurisdiction });
  return exportContactable(app, question, `staff:${by.id}`);
}

/** The documentation of § 7a UWG for an authority. `by` is null on the command line, which may do anything. */
export async function take7a(
  app: App,
  by: Actor | null,
  { from, to, reason }: Period & { reason: string },
): Promise<AsyncGenerator<string>> {
  if (by) requireAbility(by, 'calls.read');
  await note(app, by, 'export:7a', { from, to, reason });
  return export7a(app, { from, to });
}

export async function takeSuppressions(
  app: App,
  by: Actor,
  { plain }: { plain: boolean },
): Promise<AsyncGenerator<string>> {
  requireAbility(by, plain ? 'exports.addresses' : 'exports.take');
  await note(app, by, 'export:suppressions', { addresses: plain ? 'plain' : 'hash' });
  return exportSuppressions(app, { plain });
}

async function note(
  app: App,
  by: Actor | null,
  subject: string,
  details: Record<string, unknown>,
): Promise<void> {
  const at = app.now().toISOString();
  await app.db.transaction().execute((tx) => recordAudit(tx, at, by, 'export.taken', subject, details));
}
