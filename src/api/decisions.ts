import { z } from 'zod';
import type { Db, Tx } from '#db/connect.ts';
import { isOneOf } from '#db/key-lists.ts';
import { lockRows } from '#db/locks.ts';
import type { App } from '#src/app/app.ts';
import {
  type ContactDecision,
  type ContactQuestion,
  decideContacts,
  hashOf,
} from '#src/decisions/decide-contacts.ts';
import { decideTogether } from '#src/decisions/decide-together.ts';
import { keeperOf } from '#src/decisions/kept/keeper.ts';
import { mayMeasure } from '#src/decisions/measuring.ts';
import { means, reasons } from '#src/decisions/rule-table.ts';
import { sendingLinks } from '#src/decisions/sending-links.ts';
import { publicId } from '#src/ids/public-id.ts';
import { isCountry } from '#src/people/country-code.ts';
import { recordUses } from '#src/permissions/record-uses.ts';
import {
  answeredTime,
  basis,
  type Call,
  channel,
  contactPoint,
  operation,
  permissionState,
  purposeKey,
  time,
} from './operation.ts';
import { unprocessable } from './problem.ts';

const audience = z.enum(['consumer', 'business']).meta({ id: 'Audience' }).default('consumer');
const jurisdiction = z
  .string()
  .refine(isCountry, 'This is no country of ISO 3166 in two capital letters.')
  .meta({
    id: 'Jurisdiction',
    pattern: '^[A-Z]{2}$',
    description:
      'The country whose law applies. Without it: that of the number or postal address, else the one that its owner ' +
      'told, else DE. A country without a table of its own is judged by the strictest one.',
  })
  .optional();

/** What every question about contacts may say besides its addresses. */
export const questionFields = {
  purpose: purposeKey,
  channel,
  audience,
  jurisdiction,
  controller: z.string().trim().min(1).max(200).optional().meta({
    description: 'Its key or legal name. The answer is `unknown_purpose` when the purpose is not theirs.',
  }),
  product_line: z.string().trim().min(1).max(500).optional().meta({
    description: 'What the message offers, where that is narrower than the purpose.',
  }),
  means: z.enum(means).default('person').meta({
    description: 'Of calls. automatic: calling machines and artificial voices.',
  }),
};

const body = z.strictObject({
  ...questionFields,
  // A text that is too long for an address gets the answer `invalid_contact_point`.
  contact_points: z.array(z.string().max(10_000)).min(1).max(1000),
  at: time.optional(),
  include: z
    .array(z.enum(['links', 'measure']))
    .max(10)
    .default([])
    .meta({
      description:
        'links: addresses to put into a message, if the answer is yes. The page behind `preferences_url` shows states ' +
        'with masked addresses; to see more, the person asks there for a new link by mail. measure: whether opens and clicks ' +
        'may be measured, by a consent of its own to the purpose `tracking-email` of the same company.',
    }),
  record_use: z.strictObject({ campaign: z.string().min(1).max(200) }).optional(),
});
type Body = z.infer<typeof body>;

export const reason = z.enum(reasons).meta({ id: 'Reason' });

const decision = z
  .object({
    contact_point: contactPoint,
    decision_id: z.string().meta({ description: 'Who asked and what was said is kept under it.' }),
    allowed: z.boolean(),
    state: permissionState,
    basis: basis.nullable(),
    reason,
    law: z.array(z.string()),
    duties: z.array(z.string()),
    permission_id: z.string().nullable(),
    text_version: z.string().nullable(),
    granted_at: answeredTime.nullable(),
    valid_until: answeredTime.nullable(),
    unused_until: answeredTime.nullable().meta({ description: 'When it expires if it is not used.' }),
    allowed_again_at: answeredTime
      .nullable()
      .meta({ description: 'If the promised frequency is used up: when it allows the next contact.' }),
    missing: z.array(z.string()).meta({ description: 'Evidence that is missing.' }),
    flags: z.array(z.string()),
    jurisdiction: z.string().meta({ description: 'The country whose law was applied.' }),
    rules_version: z.string().meta({
      description: 'The table of that law, by its first day and the beginning of its SHA-256.',
    }),
    measure: z.object({ opens: z.boolean(), clicks: z.boolean() }).optional(),
    preferences_url: z.string().nullable().optional(),
    unsubscribe_url: z.string().nullable().optional(),
    list_unsubscribe: z.string().nullable().optional(),
    list_unsubscribe_post: z.string().nullable().optional(),
  })
  .meta({ id: 'Decision' });

export const decisionsOperation = operation({
  id: 'decide',
  method: 'POST',
  path: '/decisions',
  scope: 'decide',
  summary: 'May we contact these addresses? One answer each, in the order of the question.',
  body,
  answers: {
    200: {
      description: 'The decisions',
      schema: z.object({ decisions: z.array(decision), decided_at: answeredTime }),
    },
  },
  writes: ({ record_use }) => record_use !== undefined,
  handle: async ({ app, body, key }) => {
    const question = questionOf(app, body);
    const decided = question.at
      ? await decideContacts(app, app.db, question, body.contact_points)
      : await decideTogether(app, question, body.contact_points);
    return answerWith(app, app.db, body, key.id, decided);
  },
  write: async (tx, call) => {
    await lockContactPoints(tx, call.app, call.body);
    const decided = await decideContacts(
      call.app,
      tx,
      questionOf(call.app, call.body),
      call.body.contact_points,
    );
    await recordAllowed(tx, call, decided);
    return answerWith(call.app, tx, call.body, call.key.id, decided);
  },
});

function questionOf(app: App, { at, record_use, ...asked }: Body): ContactQuestion {
  const now = app.now().getTime();
  if (at !== undefined && Date.parse(at) > now + skewMs) {
    throw unprocessable({
      pointer: '/at',
      code: 'in_future',
      message: 'This time is in the future.',
    });
  }
  if (at !== undefined && record_use) {
    throw unprocessable({
      pointer: '/record_use',
      code: 'not_for_the_past',
      message: 'A question about the past can’t record a use. Leave out one of the two.',
    });
  }
  const past = at !== undefined && Date.parse(at) < now;
  return { ...contactQuestion(asked), at: past ? at : undefined };
}

type QuestionFields = z.output<z.ZodObject<typeof questionFields>>;

/** Throws a problem when the means do not fit the channel. */
export function contactQuestion({
  purpose,
  channel,
  audience,
  jurisdiction,
  controller,
  product_line,
  means,
}: QuestionFields): Omit<ContactQuestion, 'at'> {
  if (means === 'automatic' && channel !== 'phone') {
    throw unprocessable({
      pointer: '/means',
      code: 'only_for_calls',
      message: 'Only calls can be automatic. Leave it out, or ask about the channel phone.',
    });
  }
  return { purpose, channel, audience, jurisdiction, controller, means, productLine: product_line };
}

/** How far a caller's clock may run ahead of ours. */
const skewMs = 60_000;

async function answerWith(app: App, db: Db | Tx, body: Body, keyId: string, decided: ContactDecision[]) {
  const withLinks = body.include.includes('links');
  const now = app.now().toISOString();
  const answers = body.include.includes('measure')
    ? await withMeasuring(app, db, body, decided)
    : decided.map(shown);
  const { contact_points: _, include: __, ...question } = body;
  const idOf = keeperOf(app).keep({
    ...{ askedBy: `key:${keyId}`, at: now, question, answers },
    hashes: decided.map(({ hash }) => hash),
  });
  return {
    status: 200,
    body: {
      decisions: decided.map((one, index) => ({
        ...answers[index],
        decision_id: idOf(index),
        ...(withLinks && sendingLinks(app, one.decision.allowed, one.found.contactPoint, one.purposeId)),
      })),
      decided_at: now,
    },
  };
}

async function withMeasuring(app: App, db: Db | Tx, body: Body, decided: ContactDecision[]) {
  const measuring = await mayMeasure(app, db, questionOf(app, body), body.contact_points);
  return decided.map((one, index) => {
    const { opens = false, clicks = false } = one.decision.allowed ? (measuring[index] ?? {}) : {};
    const answer = shown(one);
    const duties = opens && clicks ? answer.duties.filter((duty) => duty !== 'no_tracking') : answer.duties;
    return { ...answer, duties, measure: { opens, clicks } };
  });
}

function shown({ contactPoint, decision, found }: ContactDecision) {
  const permission = found.contactPoint?.permission;
  return {
    contact_point: contactPoint,
    allowed: decision.allowed,
    state: decision.state,
    basis: decision.basis,
    reason: decision.reason,
    law: decision.law,
    duties: decision.duties,
    permission_id: permission ? publicId('permission', permission.id) : null,
    text_version: found.text?.ref ?? null,
    granted_at: permission?.granted_at ?? null,
    valid_until: decision.valid_until,
    unused_until: decision.unused_until,
    allowed_again_at: decision.allowed_again_at,
    missing: decision.missing,
    flags: decision.flags,
    jurisdiction: decision.jurisdiction,
    rules_version: decision.rules_version,
  };
}

/** Before anything is read: of two campaigns at once only one may use the last contact that the frequency allows. */
async function lockContactPoints(tx: Tx, app: App, body: Body): Promise<void> {
  const hashes = body.contact_points.flatMap((typed) => hashOf(app, body, typed) ?? []);
  const rows = await tx
    .selectFrom('contact_points')
    .select('id')
    .where(isOneOf(tx, 'lookup_hash', hashes))
    .execute();
  if (rows.length > 0) {
    await lockRows(
      tx,
      'contact_points',
      rows.map(({ id }) => id),
    );
  }
}

async function recordAllowed(
  tx: Tx,
  { app, body, key }: Call<Body>,
  decided: ContactDecision[],
): Promise<void> {
  const at = app.now().toISOString();
  const permissionIds = new Set(
    decided.flatMap(({ decision, found }) =>
      decision.allowed && found.contactPoint?.permission ? [found.contactPoint.permission.id] : [],
    ),
  );
  const campaign = body.record_use?.campaign ?? null;
  const uses = [...permissionIds].map((permissionId) => ({ permissionId, usedAt: at, campaign }));
  await recordUses(tx, at, uses, { origin: 'api', actor: key.id });
}
