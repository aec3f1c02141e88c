import { z } from 'zod';
import type { PermissionState } from '#db/schema.ts';
import { type DecidedCell, decideCells } from '#src/decisions/decide-cells.ts';
import { publicId } from '#src/ids.ts';
import { permissionMatrix, purposeChannels } from '#src/ledger/permission-matrix.ts';
import { findByAddress, readAddress } from '#src/people/find-by-address.ts';
import { maskContactPoint } from '#src/people/normalise-contact-point.ts';
import { reason } from './decisions.ts';
import { answeredTime, channel, contactPoint, operation } from './operation.ts';
import { unprocessable } from './problem.ts';

const cell = z.object({
  purpose: z.string(),
  title: z.string(),
  channel,
  answer: z.enum(['yes', 'no', 'none']).meta({ description: 'Ja, Nein, keine Angabe' }),
  state: z.enum(['none', 'pending', 'granted', 'refused', 'withdrawn', 'expired']),
  since: answeredTime.nullable(),
  basis: z.enum(['consent', 'existing_customer', 'presumed', 'legitimate_interest']).nullable(),
  evidence_grade: z.enum(['A', 'B', 'C', 'D']).nullable(),
  text_version: z.string().nullable(),
  allowed: z.boolean().nullable().meta({ description: 'For consumers in Germany, now. Null: no address.' }),
  reason: reason.nullable(),
  valid_until: answeredTime.nullable().meta({ description: 'When it ends by its own words.' }),
  unused_until: answeredTime.nullable().meta({ description: 'When it lapses if it stays unused.' }),
  ageing: z.boolean().meta({ description: 'Unused for so long that it is pointed out.' }),
  permission_id: z.string().nullable(),
  contact_point_id: z.string().nullable(),
  contact_point: z.string().nullable().meta({ description: 'Masked.' }),
});

export const lookupOperation = operation({
  id: 'lookUpPermissions',
  method: 'POST',
  path: '/permissions/lookup',
  scope: 'read',
  summary: 'What the owner of an address said yes to, no to, or nothing about: each purpose on each channel.',
  body: z.strictObject({ contact_point: contactPoint, lang: z.enum(['de', 'en']).default('de') }),
  answers: {
    200: {
      description: 'The matrix. For an address that nobody knows, `none` everywhere.',
      schema: z.object({ known: z.boolean(), permissions: z.array(cell) }),
    },
  },
  handle: async ({ app, body }) => {
    const addresses = readAddress(app.keys, body.contact_point);
    if (addresses.length === 0) {
      throw unprocessable({ pointer: '/contact_point', code: 'invalid', message: 'This is no address.' });
    }
    const owners = await findByAddress(app.db, app.keys, addresses);
    const cells: Partial<DecidedCell>[] = [];
    for (const { person } of owners) {
      const matrix = await permissionMatrix(app.db, person, body.lang);
      cells.push(...(await decideCells(app, matrix, 'consumer', 'DE')));
    }
    if (owners.length === 0) {
      const blank = await purposeChannels(app.db, body.lang);
      cells.push(...blank.map(({ key, title, channel }) => ({ purpose: key, title, channel })));
    }
    return { status: 200, body: { known: owners.length > 0, permissions: cells.map(shown) } };
  },
});

function shown(cell: Partial<DecidedCell>) {
  const { decision } = cell;
  const { purpose, title, channel: on, state = 'none', contactPoint: address } = cell;
  return {
    purpose,
    title,
    channel: on,
    answer: answers[state],
    state,
    since: cell.since ?? null,
    basis: cell.basis ?? null,
    evidence_grade: cell.evidenceGrade ?? null,
    text_version: cell.text?.ref ?? null,
    allowed: decision?.allowed ?? null,
    reason: decision?.reason ?? null,
    valid_until: decision?.valid_until ?? null,
    unused_until: decision?.unused_until ?? null,
    ageing: decision?.flags.includes('ageing') ?? false,
    permission_id: cell.permissionId ? publicId('permission', cell.permissionId) : null,
    contact_point_id: cell.contactPointId ? publicId('contactPoint', cell.contactPointId) : null,
    contact_point: address && on ? maskContactPoint(on, address) : null,
  };
}

const answers: Record<PermissionState, 'yes' | 'no' | 'none'> = {
  granted: 'yes',
  withdrawn: 'no',
  refused: 'no',
  pending: 'none',
  expired: 'none',
  none: 'none',
};
