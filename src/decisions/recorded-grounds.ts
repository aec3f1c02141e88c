import { addMonths } from '#src/purposes/months.ts';
import {
  type Answer,
  type Asked,
  type Checks,
  hasEnded,
  incomplete,
  isUsedUp,
  type No,
  no,
  usedUp,
  type Yes,
} from './answer.ts';
import type { DecisionFlag, PermissionFacts, PresumedFacts } from './facts.ts';
import type { Row } from './rule-table.ts';
import { isoOf, timeOf } from './time.ts';

export function existingCustomer(asked: Asked, permission: PermissionFacts, checks: Checks): Answer {
  const row = asked.cells.existing_customer;
  const record = permission.existingCustomer;
  const refused = closed(asked, row, permission, record, checks);
  if (refused || !record) return refused ?? incomplete(row);
  const { productLine } = asked.question;
  if (productLine && productLine !== record.productLine && !record.similarTo.includes(productLine)) {
    return no('not_similar', { row });
  }
  if (!(timeOf(record.saleAt) <= asked.time)) return incomplete(row, 'sale_date');
  // A letter needs no exception that could grow old, only its notice.
  const growsOld = asked.rules.policy.nonUse[asked.question.channel] !== null;
  if (!growsOld) return yes(row, 'existing_customer', permission.validUntil);
  const last = Math.max(timeOf(record.saleAt), record.lastUsedAt ? timeOf(record.lastUsedAt) : 0);
  const until = addMonths(last, asked.rules.policy.existingCustomerMonths);
  if (!(asked.time < until)) return no('unused_too_long', { row });
  return yes(row, 'existing_customer', permission.validUntil, isoOf(until));
}

export function presumed(
  asked: Asked,
  permission: PermissionFacts,
  record: PresumedFacts | undefined,
  checks: Checks,
): Answer {
  const row = asked.cells.presumed;
  const refused = closed(asked, row, permission, record, checks, record?.reasonCode);
  if (refused || !record) return refused ?? incomplete(row);
  if (record.refusedInEarlierCall) return no('refused', { row });
  const { subject, productLine } = asked.question;
  if (differs(subject, record.subject)) return no('no_permission_for_purpose', { row });
  if (differs(productLine, record.productLine)) return no('not_similar', { row });
  const ends = [
    addMonths(timeOf(record.recordedAt), asked.rules.policy.presumedMonths),
    record.reviewBy ? timeOf(record.reviewBy) : Number.POSITIVE_INFINITY,
    permission.validUntil ? timeOf(permission.validUntil) : Number.POSITIVE_INFINITY,
  ];
  const until = Math.min(...ends);
  if (!(timeOf(record.recordedAt) <= asked.time && asked.time < until)) return no('expired', { row });
  return yes(row, 'presumed', isoOf(until));
}

export function legitimateInterest(asked: Asked, permission: PermissionFacts): Answer {
  const row = asked.cells.legitimate_interest;
  const refused = closed(asked, row, permission, permission.legitimateInterest, {});
  return refused ?? yes(row, 'legitimate_interest', permission.validUntil);
}

function differs(asked: string | undefined, recorded: string | null): boolean {
  return asked !== undefined && recorded !== null && asked !== recorded;
}

/** What every basis but consent has in common: the table is open to it, its record is whole, registers are asked. */
function closed(
  asked: Asked,
  row: Row,
  permission: PermissionFacts,
  record: { missingEvidence: string[] } | undefined,
  checks: Checks,
  reasonCode?: string,
): No | undefined {
  const { time, rules } = asked;
  if (row.status === 'deny' || (row.policy && !rules.policy[row.policy])) return no(row.reason, { row });
  if (!record) return incomplete(row, 'record');
  if (record.missingEvidence.length > 0) return incomplete(row, ...record.missingEvidence);
  for (const { name, unless } of row.checks) {
    if (unless !== undefined && unless === reasonCode) continue;
    const check = checks[name];
    const age = check ? time - timeOf(check.at) : Number.NaN;
    // An entry in a public register of refusals is an objection made in advance, however long ago it was seen.
    if (check?.refused) return no('suppressed_objection', { row });
    if (!(age >= 0 && age <= rules.policy.registerCheckDays * dayInMs)) {
      return no('evidence_incomplete', { row, missing: [name], duties: [name] });
    }
  }
  if (hasEnded(asked, permission)) return no('expired', { row });
  return isUsedUp(permission) ? usedUp(row, permission) : undefined;
}

const dayInMs = 86_400_000;

const reasons = {
  existing_customer: 'existing_customer',
  presumed: 'presumed_consent',
  legitimate_interest: 'legitimate_interest',
} as const;

function yes(
  row: Row,
  of: keyof typeof reasons,
  validUntil: string | null,
  unusedUntil: string | null = null,
): Yes {
  const basis = row.as ?? of;
  const flags: DecisionFlag[] = row.status === 'conditional' ? ['conditional'] : [];
  return { allowed: true, basis, reason: reasons[basis], row, validUntil, unusedUntil, flags };
}
