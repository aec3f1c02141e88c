/** What is posted at the desk to see a proof. Each asks for the reason; nothing but the audit is written. */
import { z } from 'zod';
import { again, deskAction, faultAt, type OpenDesk, show } from '#src/desk/desk-action.ts';
import { openProof, type ProofWish } from '#src/dossiers/open-proof.ts';
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

const open = deskAction('proofs.read', asked, (desk, input) =>
  opened(desk, input, 'opened', async ({ story }) => show(describeStory(story, desk.locale))),
);

const pdf = deskAction('proofs.read', asked, (desk, input) =>
  opened(desk, input, 'pdf', async ({ story, person }) => {
    const files = await readScans(desk.app.db, person, story);
    const bytes = await renderNachweisPdf(story, { locale: desk.locale, files });
    return new Response(new Uint8Array(bytes), {
      headers: {
        'Content-Type': 'application/pdf',
        'Content-Disposition': `attachment; filename="nachweis-${story.permissions[0]?.publicId}.pdf"`,
        'Cache-Control': 'no-store',
      },
    });
  }),
);

/** The buttons of the page. */
export const proofActions = { open, pdf };

type Opened = Extract<Awaited<ReturnType<typeof openProof>>, { outcome: 'opened' }>;

async function opened<Answer>(
  { app, actor, t, params }: OpenDesk,
  input: Asked,
  as: ProofWish['as'],
  answer: (read: Opened) => Promise<Answer>,
): Promise<Answer | Again> {
  const now = app.now().toISOString();
  const asOf = input.at === '' ? now : isoOfLocal(`${input.at}:59`);
  // The minute that runs is not over yet.
  const at = asOf?.slice(0, 16) === now.slice(0, 16) ? now : asOf;
  const faults = faultsOf(input, at, now, t);
  if (faults.length > 0 || at === undefined) return again(faults);
  const { permission = '', point = '' } = params;
  const read = await openProof(app, actor, {
    permissionId: permission,
    contactPointId: point,
    at,
    reason: input.reason,
    as,
  });
  if (read.outcome === 'opened') return answer(read);
  if (input.at === '') throw new Problem(404);
  return again([faultAt('at', t('proof.desk.fault.before'))]);
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
