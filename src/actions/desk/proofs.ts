/** What is posted at the desk to see a proof. Each asks for the reason; nothing but the audit is written. */
import { z } from 'zod';
import { again, deskAction, faultAt, type OpenDesk, show } from '#src/desk/desk-action.ts';
import { openDossier, openProof, type ProofWish } from '#src/dossiers/open-proof.ts';
import { renderNachweisPdf } from '#src/dossiers/pdf/render-nachweis-pdf.ts';
import { readScans } from '#src/dossiers/read-scans.ts';
import { describeStory } from '#src/dossiers/sheet/describe-story.ts';
import type { Again, Fault } from '#src/http/action-result.ts';
import { line } from '#src/http/form-schema.ts';
import { Problem } from '#src/http/problem.ts';
import { isoOfLocal } from '#src/i18n/local-time.ts';
import type { Translate } from '#src/i18n/translate.ts';

const asked = z.object({ reason: line, at: line });

type Asked = z.output<typeof asked>;

const open = deskAction('proofs.read', asked, async (desk, input) => {
  const read = await readProof(desk, input, 'opened');
  return 'faults' in read ? read : show(describeStory(read.story, desk.locale));
});

const pdf = deskAction('proofs.read', asked, async (desk, input) => {
  const read = await readProof(desk, input, 'pdf');
  if ('faults' in read) return read;
  const files = await readScans(desk.app.db, read.person, read.story);
  const bytes = await renderNachweisPdf(read.story, { locale: desk.locale, files });
  return download(bytes, 'application/pdf', `nachweis-${read.story.permissions[0]?.publicId}.pdf`);
});

const dossier = deskAction('proofs.read', asked, async (desk, input) => {
  const wish = readWish(desk, input);
  if ('faults' in wish) return wish;
  const made = await openDossier(desk.app, desk.actor, wish);
  if (made.outcome === 'not_signed') {
    return again([faultAt('reason', desk.t('proof.desk.fault.not_signed'))]);
  }
  if (made.outcome !== 'made') return notThere(desk, input);
  return download(made.zip, 'application/zip', `dossier-${made.story.permissions[0]?.publicId}.zip`);
});

/** The buttons of the page. */
export const proofActions = { open, pdf, dossier };

async function readProof(desk: OpenDesk, input: Asked, as: 'opened' | 'pdf') {
  const wish = readWish(desk, input);
  if ('faults' in wish) return wish;
  const read = await openProof(desk.app, desk.actor, wish, as);
  return read.outcome === 'opened' ? read : notThere(desk, input);
}

function readWish({ app, t, params }: OpenDesk, input: Asked): ProofWish | Again {
  const now = app.now().toISOString();
  const asOf = input.at === '' ? now : isoOfLocal(`${input.at}:59`);
  // The minute that runs is not over yet.
  const at = asOf?.slice(0, 16) === now.slice(0, 16) ? now : asOf;
  const faults = faultsOf(input, at, now, t);
  if (faults.length > 0 || at === undefined) return again(faults);
  const { permission: permissionId = '', point: contactPointId = '' } = params;
  return { permissionId, contactPointId, at, reason: input.reason };
}

/** Nothing is there at all, or nothing was at that moment. */
function notThere({ t }: OpenDesk, { at }: Asked): Again {
  if (at === '') throw new Problem(404);
  return again([faultAt('at', t('proof.desk.fault.before'))]);
}

function download(bytes: Uint8Array, type: string, name: string): Response {
  return new Response(new Uint8Array(bytes), {
    headers: {
      'Content-Type': type,
      'Content-Disposition': `attachment; filename="${name}"`,
      'Cache-Control': 'no-store',
    },
  });
}

function faultsOf({ reason }: Asked, at: string | undefined, now: string, t: Translate): Fault[] {
  return [
    ...(reason.length < 5 ? [faultAt('reason', t('proof.desk.fault.reason'))] : []),
    ...(reason.length > 300 ? [faultAt('reason', t('proof.desk.fault.long'))] : []),
    // The audit names no person: an address would stand in it for ever.
    ...(/\S@\S|(?:\+|\b0)[\d /()-]{7,}\d/.test(reason)
      ? [faultAt('reason', t('proof.desk.fault.address'))]
      : []),
    ...(at === undefined ? [faultAt('at', t('proof.desk.fault.at'))] : []),
    ...(at !== undefined && at > now ? [faultAt('at', t('proof.desk.fault.future'))] : []),
  ];
}
