import type { App } from '#src/app.ts';
import { decideContacts } from '#src/decisions/decide-contacts.ts';
import type { Audience, Decision } from '#src/decisions/facts.ts';
import type { Translate } from '#src/i18n/translate.ts';
import type { MatrixCell } from '#src/ledger/permission-matrix.ts';

/** A cell with the decision of now. `null`: there is no address to decide about. */
export interface DecidedCell extends MatrixCell {
  decision: Decision | null;
}

export async function decideCells(app: App, cells: MatrixCell[], audience: Audience): Promise<DecidedCell[]> {
  const decided: DecidedCell[] = [];
  for (const cell of cells) {
    const { purpose, channel, contactPoint } = cell;
    const question = { purpose, channel, audience, jurisdiction: 'DE' as const };
    const [one] = contactPoint ? await decideContacts(app, app.db, question, [contactPoint]) : [];
    decided.push({ ...cell, decision: one?.decision ?? null });
  }
  return decided;
}

/** The reason in words, and what is missing. */
export function whyOf(decision: Decision, t: Translate): string {
  const reason = t(`desk.reason.${decision.reason}`);
  const missing = missingIn(decision, t);
  return missing ? `${reason} ${t('desk.matrix.missing', { what: missing })}.` : reason;
}

function missingIn({ missing }: Decision, t: Translate): string {
  const names = missing.map((name) => {
    const known = missingNames.find((one) => one === name);
    return known ? t(`desk.missing.${known}`) : t('desk.missing.other');
  });
  return [...new Set(names)].join(', ');
}

const missingNames = [
  'signed_at',
  'place',
  'scan_sha256',
  'number',
  'recording_ref',
  'recording_sha256',
  'ivr_script',
  'call_log_ref',
  'keys',
  'person.name',
  'person.address',
  'text_version',
] as const;
