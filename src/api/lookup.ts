import { z } from 'zod';
import type { Locale, PermissionState } from '#db/schema/vocabulary.ts';
import type { App } from '#src/app/app.ts';
import { type DecidedCell, decideCells } from '#src/decisions/decide-cells.ts';
import { decideContacts } from '#src/decisions/decide-contacts.ts';
import type { Decision } from '#src/decisions/facts.ts';
import { defaultLocale, locales } from '#src/i18n/locales.ts';
import { publicId } from '#src/ids/public-id.ts';
import { evidenceGrades } from '#src/ledger/grades.ts';
import { permissionMatrix, purposeChannels } from '#src/ledger/permission-matrix.ts';
import { type Block, findBlocks } from '#src/people/find-blocks.ts';
import { findByAddress, type ParsedAddress, parseAddress } from '#src/people/find-by-address.ts';
import { maskContactPoint } from '#src/people/normalise-contact-point.ts';
import { reason } from './decisions.ts';
import { answeredTime, basis, channel, contactPoint, operation, permissionState } from './operation.ts';
import { unprocessable } from './problem.ts';

const cell = z
  .object({
    purpose: z.string(),
    title: z.string(),
    channel,
    answer: z.enum(['yes', 'no', 'none']).meta({
      description: 'What the person said: Ja, Nein, keine Angabe. Only a consent counts as a yes.',
    }),
    state: permissionState,
    since: answeredTime.nullable(),
    basis: basis.nullable(),
    evidence_grade: z.enum(evidenceGrades).nullable(),
    text_version: z.string().nullable(),
    allowed: z.boolean().meta({ description: 'For consumers, now: what a decision says.' }),
    reason,
    valid_until: answeredTime.nullable().meta({ description: 'When it ends according to its consent text.' }),
    unused_until: answeredTime.nullable().meta({ description: 'When it expires if it stays unused.' }),
    ageing: z.boolean().meta({ description: 'It has been unused for long and will expire.' }),
    permission_id: z.string().nullable(),
    contact_point_id: z.string().nullable(),
    contact_point: z.string().nullable().meta({ description: 'Masked.' }),
  })
  .meta({ id: 'PermissionCell' });

export const lookupOperation = operation({
  id: 'lookUpPermissions',
  method: 'POST',
  path: '/permissions/lookup',
  scope: 'read',
  summary: 'The state of each purpose on each channel for the owner of an address: yes, no or not stated.',
  body: z.strictObject({ contact_point: contactPoint, lang: z.enum(locales).default(defaultLocale) }),
  answers: {
    200: {
      description: 'The matrix. An unknown address has `none` everywhere, but may be blocked.',
      schema: z.object({
        known: z.boolean(),
        blocked: z.object({ since: answeredTime, reason }).nullable().meta({
          description: 'The block of this address, whether or not a person with it is known.',
        }),
        suppressions: z
          .array(
            z.object({
              channel,
              purpose: z.string().nullable().meta({ description: 'Null: every purpose.' }),
              reason: z.enum(['objection', 'complaint', 'bounce']),
              since: answeredTime,
            }),
          )
          .meta({ description: 'Every block of this address.' }),
        permissions: z.array(cell),
      }),
    },
  },
  handle: async ({ app, body }) => {
    const addresses = parseAddress(app.keys, body.contact_point);
    if (addresses.length === 0) {
      throw unprocessable({ pointer: '/contact_point', code: 'invalid', message: 'This is not an address.' });
    }
    const asked = addresses.map((address) => ({ ...address, typed: body.contact_point }));
    const blocks = await findBlocks(app.db, app.keys, asked, app.now().toISOString());
    const owners = await findByAddress(app.db, app.keys, addresses);
    const cells: Partial<DecidedCell>[] = [];
    for (const { person } of owners) {
      const matrix = await permissionMatrix(app.db, person, body.lang);
      cells.push(...(await decideCells(app, matrix, 'consumer')));
    }
    if (owners.length === 0)
      cells.push(...(await cellsOfUnknown(app, body.contact_point, addresses, body.lang)));
    const [first] = blocks;
    return {
      status: 200,
      body: {
        known: owners.length > 0,
        blocked: first ? { since: first.since, reason: `suppressed_${first.reason}` as const } : null,
        suppressions: blocks.map(({ refusalId: _, ...block }) => block),
        permissions: cells.map((one) => shown(one, cells, blocks)),
      },
    };
  },
});

/** For an unknown address nothing is allowed; if it is blocked, the block is the reason. */
async function cellsOfUnknown(app: App, contactPoint: string, addresses: ParsedAddress[], lang: Locale) {
  const cells: Partial<DecidedCell>[] = [];
  for (const { key, title, channel: on } of await purposeChannels(app.db, lang)) {
    const question = { purpose: key, channel: on, audience: 'consumer' } as const;
    const asked = addresses.some((address) => address.channel === on) ? [contactPoint] : [];
    const [one] = await decideContacts(app, app.db, question, asked);
    cells.push({ purpose: key, title, channel: on, decision: one?.decision ?? null });
  }
  return cells;
}

function shown(cell: Partial<DecidedCell>, all: Partial<DecidedCell>[], blocks: Block[]) {
  const elsewhere = all.some((one) => one.purpose === cell.purpose && one.state === 'granted');
  const block = blocks.find(
    (one) => one.channel === cell.channel && (one.purpose === null || one.purpose === cell.purpose),
  );
  const { purpose, title, channel: on, state = 'none', contactPoint: address } = cell;
  return {
    purpose,
    title,
    channel: on,
    answer: state === 'granted' && cell.basis !== 'consent' ? 'none' : answers[state],
    state,
    since: cell.since ?? (cell.contactPointId ? null : (block?.since ?? null)),
    basis: cell.basis ?? null,
    evidence_grade: cell.evidenceGrade ?? null,
    text_version: cell.text?.ref ?? null,
    ...shownDecision(cell.decision ?? undecided(elsewhere)),
    permission_id: cell.permissionId ? publicId('permission', cell.permissionId) : null,
    contact_point_id: cell.contactPointId ? publicId('contactPoint', cell.contactPointId) : null,
    contact_point: address && on ? maskContactPoint(on, address) : null,
  };
}

/** Without an address there is no decision, and nothing is allowed. */
function undecided(elsewhere: boolean) {
  const reason = elsewhere ? 'no_permission_for_channel' : 'no_permission';
  return { allowed: false, reason, valid_until: null, unused_until: null, flags: [] } as const;
}

function shownDecision(decision: Decision | ReturnType<typeof undecided>) {
  const { allowed, reason, valid_until, unused_until } = decision;
  const ageing = decision.flags.some((flag) => flag === 'ageing');
  return { allowed, reason, valid_until, unused_until, ageing };
}

const answers: Record<PermissionState, 'yes' | 'no' | 'none'> = {
  granted: 'yes',
  withdrawn: 'no',
  refused: 'no',
  pending: 'none',
  expired: 'none',
  none: 'none',
};
