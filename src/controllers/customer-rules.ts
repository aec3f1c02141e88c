import type { Db } from '#db/connect.ts';
import { isUniqueViolation } from '#db/errors.ts';
import type { CustomerRuleTable } from '#db/schema/customer-rules.ts';
import type { App } from '#src/app/app.ts';
import { newId } from '#src/ids/new-id.ts';
import { type Actor, requireAbility } from '#src/staff/actor.ts';
import { recordAudit } from '#src/staff/audit.ts';
import { foldProductLine } from './product-line.ts';

/** A rule with the names of those who stand for it. */
export interface ListedCustomerRule extends CustomerRuleTable {
  controller: string;
  proposer: string | null;
  approver: string | null;
}

/** What counts or waits first, then by company and line. */
export async function listCustomerRules(db: Db): Promise<ListedCustomerRule[]> {
  return db
    .selectFrom('customer_rules as rule')
    .innerJoin('controllers', 'controllers.id', 'rule.controller_id')
    .leftJoin('staff as proposer', 'proposer.id', 'rule.proposed_by')
    .leftJoin('staff as approver', 'approver.id', 'rule.approved_by')
    .selectAll('rule')
    .select(['controllers.legal_name as controller'])
    .select(['proposer.name as proposer', 'approver.name as approver'])
    .orderBy((eb) => eb.case().when('rule.retired_at', 'is', null).then(0).else(1).end())
    .orderBy('rule.proposed_at', 'desc')
    .execute();
}

export interface NewCustomerRule {
  controllerId: string;
  kind: CustomerRuleTable['kind'];
  line: string | null;
  similarTo: string | null;
  reason: string;
}

export type ProposeResult = 'proposed' | 'faulty' | 'there_already';

/** Writes a rule down for a second person to approve. */
export async function proposeCustomerRule(
  app: App,
  by: Actor,
  { controllerId, kind, reason, ...lines }: NewCustomerRule,
): Promise<ProposeResult> {
  requireAbility(by, 'customers.write');
  const line = kind === 'account' ? null : lines.line?.trim() || null;
  const similarTo = kind === 'similar_line' ? lines.similarTo?.trim() || null : null;
  if (reason.trim().length < 10 || !areLinesRight(kind, line, similarTo)) return 'faulty';
  const [id, at] = [newId(), app.now().toISOString()];
  try {
    await app.db.transaction().execute(async (tx) => {
      await tx
        .insertInto('customer_rules')
        .values({
          ...{ id, controller_id: controllerId, kind, line, similar_to: similarTo, reason: reason.trim() },
          ...{ proposed_by: by.id, proposed_at: at },
          ...{ approved_by: null, approved_at: null, retired_by: null, retired_at: null },
        })
        .execute();
      const details = { kind, line, similar_to: similarTo, reason: reason.trim() };
      await recordAudit(tx, at, by, 'customer_rule.proposed', `customer-rule:${id}`, details);
    });
  } catch (error) {
    if (isUniqueViolation(error)) return 'there_already';
    throw error;
  }
  return 'proposed';
}

function areLinesRight(
  kind: NewCustomerRule['kind'],
  line: string | null,
  similarTo: string | null,
): boolean {
  switch (kind) {
    case 'account':
      return true;
    case 'notice':
      return line !== null && noticeName.test(line);
    case 'similar_line':
      return line !== null && similarTo !== null && foldProductLine(line) !== foldProductLine(similarTo);
  }
}

/** As captures cite a notice: `notice/order-confirmation@1`. */
const noticeName = /^notice\/[\w-]{1,60}@\d{1,6}$/;

export type ApproveResult = 'approved' | 'own' | 'nothing_to_approve';

/** From now on the rule counts. Who proposed it can't approve it. */
export async function approveCustomerRule(app: App, by: Actor, id: string): Promise<ApproveResult> {
  requireAbility(by, 'customers.write');
  const at = app.now().toISOString();
  return app.db.transaction().execute(async (tx) => {
    const rule = await tx
      .selectFrom('customer_rules')
      .select('proposed_by')
      .where('id', '=', id)
      .where('approved_at', 'is', null)
      .where('retired_at', 'is', null)
      .executeTakeFirst();
    if (!rule) return 'nothing_to_approve';
    if (rule.proposed_by === by.id) return 'own';
    const approved = await tx
      .updateTable('customer_rules')
      .set({ approved_by: by.id, approved_at: at })
      .where('id', '=', id)
      .where('approved_at', 'is', null)
      .where('retired_at', 'is', null)
      .returning('id')
      .execute();
    if (approved.length === 0) return 'nothing_to_approve';
    await recordAudit(tx, at, by, 'customer_rule.approved', `customer-rule:${id}`);
    return 'approved';
  });
}

/** It no longer counts, or will never do. One person is enough: decisions only become stricter. */
export async function retireCustomerRule(
  app: App,
  by: Actor,
  id: string,
): Promise<'retired' | 'nothing_to_retire'> {
  requireAbility(by, 'customers.write');
  const at = app.now().toISOString();
  return app.db.transaction().execute(async (tx) => {
    const retired = await tx
      .updateTable('customer_rules')
      .set({ retired_by: by.id, retired_at: at })
      .where('id', '=', id)
      .where('retired_at', 'is', null)
      .returning('id')
      .execute();
    if (retired.length === 0) return 'nothing_to_retire';
    await recordAudit(tx, at, by, 'customer_rule.retired', `customer-rule:${id}`);
    return 'retired';
  });
}
