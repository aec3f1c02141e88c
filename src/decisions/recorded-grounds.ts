import { addMonths } from '#src/purposes/months.ts';
import {
  type Allowed,
  type Answer,
  type Checks,
  type Denied,
  deny,
  denyIncomplete,
  denyUsedUp,
  hasEnded,
  type RuleContext,
} from './answer.ts';
import type { DecisionFlag, PermissionFacts, PresumedFacts } from './facts.ts';
import type { Row } from './rule-table.ts';
import { isoOf, timeOf } from './time.ts';

export function existingCustomer(context: RuleContext, permission: PermissionFacts, checks: Checks): Answer {
  const row = context.cells.existing_customer;
  const record = permission.existingCustomer;
  const denied = denyByRecord(context, row, permission, record, checks);
  if (denied || !record) return denied ?? denyIncomplete(row);
  const { productLine } = context.question;
  if (productLine && productLine !== record.productLine && !record.similarTo.includes(productLine)) {
    return deny('not_similar', { row });
  }
  if (!(timeOf(record.saleAt) <= context.time)) return denyIncomplete(row, 'sale_date');
  // A letter needs no exception that could lapse, only its notice.
  if (!context.nonUse) return allow(row, 'existing_customer', permission.validUntil);
  const lastContact = Math.max(timeOf(record.saleAt), record.lastUsedAt ? timeOf(record.lastUsedAt) : 0);
  const until = addMonths(lastContact, context.rules.policy.existingCustomerMonths);
  if (!(context.time < until)) return deny('unused_too_long', { row });
  return allow(row, 'existing_customer', permission.validUntil, isoOf(until));
}

export function presumed(
  context: RuleContext,
  permission: PermissionFacts,
  record: PresumedFacts | undefined,
  checks: Checks,
): Answer {
  const row = context.cells.presumed;
  const denied = denyByRecord(context, row, permission, record, checks, record?.reasonCode);
  if (denied || !record) return denied ?? denyIncomplete(row);
  if (record.refusedInEarlierCall) return deny('refused', { row });
  const { subject, productLine } = context.question;
  if (differs(subject, record.subject)) return deny('no_permission_for_purpose', { row });
  if (differs(productLine, record.productLine)) return deny('not_similar', { row });
  const until = Math.min(
    addMonths(timeOf(record.recordedAt), context.rules.policy.presumedMonths),
    record.reviewBy ? timeOf(record.reviewBy) : Number.POSITIVE_INFINITY,
    permission.validUntil ? timeOf(permission.validUntil) : Number.POSITIVE_INFINITY,
  );
  if (!(timeOf(record.recordedAt) <= context.time && context.time < until)) return deny('expired', { row });
  return allow(row, 'presumed', isoOf(until));
}

export function legitimateInterest(context: RuleContext, permission: PermissionFacts): Answer {
  const row = context.cells.legitimate_interest;
  const denied = denyByRecord(context, row, permission, permission.legitimateInterest, {});
  return denied ?? allow(row, 'legitimate_interest', permission.validUntil);
}

function differs(requested: string | undefined, recorded: string | null): boolean {
  return requested !== undefined && recorded !== null && requested !== recorded;
}

/** What every basis but consent has in common: the table allows it, its record is complete, registers were checked. */
function denyByRecord(
  context: RuleContext,
  row: Row,
  permission: PermissionFacts,
  record: { missingEvidence: string[] } | undefined,
  checks: Checks,
  reasonCode?: string,
): Denied | undefined {
  const { time, rules } = context;
  if (row.status === 'deny' || (row.policy && !rules.policy[row.policy])) return deny(row.reason, { row });
  if (!record) return denyIncomplete(row, 'record');
  if (record.missingEvidence.length > 0) return denyIncomplete(row, ...record.missingEvidence);
  for (const { name, unless } of row.checks) {
    if (unless !== undefined && unless === reasonCode) continue;
    const check = checks[name];
    // An entry in a public register of refusals is an objection made in advance, however old the check is.
    if (check?.refused) return deny('suppressed_objection', { row });
    const age = check ? time - timeOf(check.at) : Number.NaN;
    if (!(age >= 0 && age <= rules.policy.registerCheckDays * dayMs)) {
      return deny('evidence_incomplete', { row, missing: [name], duties: [name] });
    }
  }
  if (hasEnded(context, permission)) return deny('expired', { row });
  return denyUsedUp(row, permission);
}

const dayMs = 86_400_000;

const reasons = {
  existing_customer: 'existing_customer',
  presumed: 'presumed_consent',
  legitimate_interest: 'legitimate_interest',
} as const;

function allow(
  row: Row,
  ground: keyof typeof reasons,
  validUntil: string | null,
  unusedUntil: string | null = null,
): Allowed {
  const basis = row.as ?? ground;
  const flags: DecisionFlag[] = row.status === 'conditional' ? ['conditional'] : [];
  return { allowed: true, basis, reason: reasons[basis], row, validUntil, unusedUntil, flags };
}
