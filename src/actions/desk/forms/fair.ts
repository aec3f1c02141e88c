/** What is posted at the desk for a form at a fair: short links for posters, passes for devices at the stand. */
import { z } from 'zod';
import { again, deskAction, faultAt, type OpenDesk, redirect } from '#src/desk/desk-action.ts';
import { addKiosk, endKiosk, type KioskFault, maxKioskDays } from '#src/forms/kiosks.ts';
import { addShortLink, maxSourceLength } from '#src/forms/short-links.ts';
import { text } from '#src/http/form-schema.ts';
import { Problem } from '#src/http/problem.ts';
import type { Translate } from '#src/i18n/translate.ts';
import { paths } from '#src/routes.ts';

const addLink = deskAction('forms.write', z.object({ source: text }), async (desk, { source }) => {
  const { app, actor, t } = desk;
  const { outcome } = await addShortLink(app, actor, keyOf(desk), source);
  if (outcome === 'unknown') throw new Problem(404);
  if (outcome === 'faulty')
    return again([faultAt('source', t('running.links.fault', { most: maxSourceLength }))]);
  return redirect(paths.staffFormFair(keyOf(desk), { done: 'added' }));
});

const kiosk = deskAction(
  'forms.write',
  z.object({ stand: text, from: text, to: text }),
  async (desk, { stand, from, to }) => {
    const result = await addKiosk(desk.app, desk.actor, keyOf(desk), { source: stand, from, to });
    if (result.outcome === 'unknown') throw new Problem(404);
    if (result.outcome === 'faulty') return again(result.faults.map((fault) => kioskFault(desk.t, fault)));
    return toKiosks(desk, 'kiosk');
  },
);

const end = deskAction('forms.write', z.object({ kiosk: text }), async (desk, typed) => {
  const { outcome } = await endKiosk(desk.app, desk.actor, keyOf(desk), typed.kiosk);
  if (outcome === 'unknown') throw new Problem(404);
  return toKiosks(desk, 'kiosk_ended');
});

/** The buttons of the page; that of the short links has no name. */
export const fairActions = { '': addLink, kiosk, end };

function keyOf({ params: { key = '' } }: OpenDesk): string {
  return key;
}

function toKiosks(desk: OpenDesk, done: string): Response {
  return redirect(`${paths.staffFormFair(keyOf(desk), { done })}#kiosk`);
}

function kioskFault(t: Translate, { field, code }: KioskFault) {
  const most = code === 'source' ? maxSourceLength : maxKioskDays;
  return faultAt(field === 'source' ? 'stand' : field, t(`running.kiosk.fault.${code}`, { most }));
}
