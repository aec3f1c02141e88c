/** What is posted at the desk about advertising to existing customers: propose, approve as a second person, retire. */
import { z } from 'zod';
import {
  approveCustomerRule,
  proposeCustomerRule,
  retireCustomerRule,
} from '#src/controllers/customer-rules.ts';
import { again, deskAction, faultAt, redirect } from '#src/desk/desk-action.ts';
import { line, oneOf, text } from '#src/http/form-schema.ts';
import { paths } from '#src/routes.ts';

const propose = deskAction(
  'customers.write',
  z.object({
    controller: line,
    kind: oneOf(['similar_line', 'account', 'notice']),
    line,
    similar_to: line,
    reason: text,
  }),
  async ({ app, actor, t }, { controller, kind, similar_to, ...rule }) => {
    const ruled = { ...rule, controllerId: controller, kind, similarTo: similar_to };
    const outcome = await proposeCustomerRule(app, actor, ruled);
    if (outcome === 'faulty')
      return again([faultAt(kind === 'account' ? 'reason' : 'line', t(`customers.faulty.${kind}`))]);
    if (outcome === 'there_already') return again([faultAt('line', t('customers.there_already'))]);
    return redirect(paths.staffCustomers(), { done: outcome });
  },
);

const approve = deskAction('customers.write', z.object({ rule: line }), async ({ app, actor }, { rule }) =>
  redirect(paths.staffCustomers(), { done: await approveCustomerRule(app, actor, rule) }),
);

const retire = deskAction('customers.write', z.object({ rule: line }), async ({ app, actor }, { rule }) =>
  redirect(paths.staffCustomers(), { done: await retireCustomerRule(app, actor, rule) }),
);

export const customerActions = { propose, approve, retire };
