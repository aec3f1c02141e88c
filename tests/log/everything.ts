/** Everything that the product's own doors do to the tables that have a leaf in the log, one step after the other. */
import { createHash } from 'node:crypto';
import { invalidateVersion } from '#src/consent-texts/invalidate-version.ts';
import { scheduleVersion } from '#src/consent-texts/schedule-version.ts';
import { controllerDraftOf, findController } from '#src/controllers/controller.ts';
import { publishNotice } from '#src/controllers/publish-notice.ts';
import { saveController } from '#src/controllers/save-controller.ts';
import { flushDecisions } from '#src/decisions/kept/keeper.ts';
import { sealBatches } from '#src/decisions/kept/seal-batches.ts';
import { approveKey, makeKey, revokeKey } from '#src/exchange/manage-keys.ts';
import { fileAtDesk, releaseImport } from '#src/exchange/release-import.ts';
import { runImport } from '#src/exchange/run-import.ts';
import { publishDueTexts } from '#src/forms/publish-due-texts.ts';
import { resumeText, retireText, stopText } from '#src/forms/stop-text.ts';
import { newId } from '#src/ids/new-id.ts';
import { dropLetter, markSent, returnToQueue } from '#src/letters/finish-letters.ts';
import { printLetters } from '#src/letters/print-letters.ts';
import { deliverDue } from '#src/mail/deliver.ts';
import { fileTransport } from '#src/mail/file-transport.ts';
import { expirePermissions } from '#src/permissions/expire-permissions.ts';
import { liftRefusal } from '#src/permissions/lift-refusal.ts';
import { lookUpAddress } from '#src/permissions/look-up-address.ts';
import { liftRestriction, restrictProcessing } from '#src/permissions/restrict-processing.ts';
import { withdrawAtDesk } from '#src/permissions/withdraw-at-desk.ts';
import { addPurpose } from '#src/purposes/add-purpose.ts';
import { draftOf, findPurpose } from '#src/purposes/purpose.ts';
import { restorePurpose, retirePurpose } from '#src/purposes/retire-purpose.ts';
import { savePurpose } from '#src/purposes/save-purpose.ts';
import { currentReceiptKey, rotateReceiptKey } from '#src/receipts/receipt-keys.ts';
import { confirmSignup } from '#src/signups/confirm-signup.ts';
import { expireSignups } from '#src/signups/expire-signups.ts';
import { purgeSignups } from '#src/signups/purge-signups.ts';
import type { Actor } from '#src/staff/actor.ts';
import { changeStaff } from '#src/staff/change-staff.ts';
import { approved, liveVersion, lukas } from '#tests/consent-texts/desk.ts';
import { aMember } from '#tests/staff/desk.ts';
import type { TestApi } from '#tests/support/api.ts';
import { aClient, newestToken, signUp } from '#tests/support/app.ts';

export interface Step {
  name: string;
  act: (test: TestApi, mails: string) => Promise<unknown>;
}

const scan = Buffer.from('%PDF-1.7 the signed form');
const number = '+49 6181 123456';
const place = { street: 'Weg 1', postal_code: '63452', city: 'Hanau' };
const card = {
  contact_point: number,
  channel: 'phone',
  purpose: 'service-calls',
  text_version: 'service-calls/phone/de@1.0',
  basis: 'consent',
  method: 'paper',
  captured_at: '2026-11-02T08:00:00Z',
  captured_by: 'Ari Agent',
  person: { given_name: 'Carol', family_name: 'Kurz', ...place },
  evidence: {
    signed_at: '2026-11-01',
    place: 'Hanau',
    scan_sha256: createHash('sha256').update(scan).digest('hex'),
  },
};
const bounce = {
  contact_point: 'bounced@example.org',
  channel: 'email',
  reason: 'bounce',
  at: '2026-11-01T08:00:00Z',
  source: 'sending tool',
};
const importFile = [
  'contact_point,channel,purpose,text_version,captured_at,captured_by,source,proof_ref,confirmed_at',
  'old@example.org,email,product-news,product-news/email/de@1.0,2026-10-01,CRM,old CRM,p-1,2026-10-01',
].join('\n');

const isIn = async ({ app }: TestApi, given_name: string) => {
  const email = `${given_name.toLowerCase()}@example.org`;
  await signUp(app, email, ['product-news:email', 'product-news:post'], 'fair', {
    given_name,
    family_name: 'Beispiel',
    ...place,
  });
  await confirmSignup(app, await newestToken(app, email), aClient);
};
const member = ({ app }: TestApi, name: string): Promise<Actor> =>
  app.db
    .selectFrom('staff')
    .select(['id', 'email', 'name', 'role', 'locale'])
    .where('email', '=', `${name}@example.org`)
    .executeTakeFirstOrThrow();
const pointsAt = async ({ app }: TestApi, agent: Actor, address: string, channel: 'email' | 'post') => {
  const found = await lookUpAddress(app, agent, address, channel);
  if (found.outcome !== 'found') throw new Error(found.outcome);
  return found.contactPointIds;
};
const print = async ({ app }: TestApi, agent: Actor) => {
  const printed = await printLetters(app, agent, 'all');
  if (printed.outcome !== 'printed') throw new Error(printed.outcome);
  return printed.runId;
};
const ok = async (answer: ReturnType<TestApi['call']>) => {
  const { status, body } = await answer;
  if (status >= 300) throw new Error(JSON.stringify(body));
};

export const steps: Step[] = [
  {
    name: 'staff are made',
    act: async ({ app }) => {
      for (const role of ['admin', 'legal', 'agent'] as const) await aMember(app, role);
      await aMember(app, 'legal', 'lea@example.org');
    },
  },
  {
    name: 'a role is changed, an account disabled and enabled',
    act: async (test) => {
      const [admin, lea] = await Promise.all([member(test, 'admin'), member(test, 'lea')]);
      for (const change of [{ role: 'auditor' }, { disabled: true }, { disabled: false }] as const)
        await changeStaff(test.app, admin, lea.id, change);
    },
  },
  { name: 'people sign up and confirm', act: (test) => isIn(test, 'Carla').then(() => isIn(test, 'Conrad')) },
  {
    name: 'mails are sent',
    act: ({ app }, mails) => deliverDue(app, fileTransport(mails), 50),
  },
  {
    name: 'a key is made, approved and revoked',
    act: async (test) => {
      const [admin, legal] = await Promise.all([member(test, 'admin'), member(test, 'legal')]);
      const made = await makeKey(test.app, admin, { name: 'CRM', scopes: ['write', 'admin'] });
      if (made.outcome !== 'made') throw new Error(made.outcome);
      await approveKey(test.app, legal, made.id);
      await revokeKey(test.app, admin, made.id);
    },
  },
  { name: 'a text is approved', act: ({ app }) => approved(app) },
  {
    name: 'a text goes live, and the one before retires',
    act: async ({ app }) => {
      const { id } = await app.db
        .selectFrom('consent_text_versions')
        .select('id')
        .where('state', '=', 'approved')
        .executeTakeFirstOrThrow();
      const scheduled = await scheduleVersion(app, lukas, id, 'at_once');
      if (scheduled.outcome !== 'scheduled') throw new Error(scheduled.outcome);
      await publishDueTexts(app);
    },
  },
  {
    name: 'a text is stopped, resumed, retired and invalidated',
    act: async ({ app }) => {
      const invitations = { purpose: 'event-invitations', channel: 'email', locale: 'de' } as const;
      const { id } = await liveVersion(app, invitations);
      await stopText(app, lukas, id, 'Wird geprüft.');
      await resumeText(app, lukas, id, 'In Ordnung.');
      await retireText(app, lukas, id, 'Nicht mehr gebraucht.');
      await invalidateVersion(app, lukas, id, 'Das Gericht hat sie verworfen.');
    },
  },
  {
    name: 'a purpose is added, changed, retired and restored',
    act: async (test) => {
      const { app } = test;
      const legal = await member(test, 'legal');
      const purpose = await findPurpose(app.db, 'product-news');
      const controller = await app.db.selectFrom('controllers').select('key').executeTakeFirstOrThrow();
      if (!purpose) throw new Error('no purpose');
      const draft = draftOf(purpose);
      await addPurpose(app, legal, { key: 'more-news', controller: controller.key, draft });
      const changed = { ...draft, proofYears: 4, proofNote: 'Ein Streit dauert an.' };
      await savePurpose(app, legal, 'product-news', { revision: purpose.revision, draft: changed });
      await retirePurpose(app, legal, 'price-list');
      await restorePurpose(app, legal, 'price-list');
    },
  },
  {
    name: 'the policy of a controller and its notice change',
    act: async (test) => {
      const { app } = test;
      const legal = await member(test, 'legal');
      const controller = await findController(app.db, 'muster-werkzeuge');
      if (!controller) throw new Error('no controller');
      const draft = { ...controllerDraftOf(controller), refuses_claimed: true };
      await saveController(app, legal, controller.key, { revision: controller.revision, draft });
      const notice = { version: '2.0', url: 'https://www.muster.example/neu', note: null };
      await publishNotice(app, legal, controller.key, notice);
    },
  },
  { name: 'a consent on paper is captured', act: ({ call }) => ok(call('/consents', card)) },
  {
    name: 'its scan is stored',
    act: async ({ url }) => {
      const answer = await fetch(`${url}/api/v1/evidence-files`, {
        method: 'POST',
        headers: { Authorization: 'Bearer jw_demo_key', 'Content-Type': 'application/pdf' },
        body: scan,
      });
      if (!answer.ok) throw new Error(await answer.text());
    },
  },
  {
    name: 'a letter is printed and sent',
    act: async (test) => {
      const agent = await member(test, 'agent');
      await markSent(test.app, agent, await print(test, agent));
    },
  },
  {
    name: 'a letter is misprinted, printed again and dropped',
    act: async (test) => {
      const agent = await member(test, 'agent');
      await withdrawAtDesk(test.app, agent, { contactPoint: number, how: 'telephone' });
      await returnToQueue(test.app, agent, await print(test, agent));
      await print(test, agent);
      const { id } = await test.app.db
        .selectFrom('letters')
        .select('id')
        .where('state', '=', 'printed')
        .executeTakeFirstOrThrow();
      await dropLetter(test.app, agent, id);
    },
  },
  {
    name: 'a use is recorded',
    act: ({ call }) =>
      ok(
        call('/decisions', {
          purpose: 'product-news',
          channel: 'email',
          contact_points: ['carla@example.org'],
          record_use: { campaign: '2026-11' },
        }),
      ),
  },
  { name: 'a bounce is reported', act: ({ call }) => ok(call('/suppressions', [bounce])) },
  {
    name: 'a no means two people, and is lifted for one',
    act: async (test) => {
      const agent = await member(test, 'agent');
      const no = { contactPoint: 'C. Beispiel, Weg 1, 63452 Hanau', how: 'letter' } as const;
      await withdrawAtDesk(test.app, agent, no);
      const [point = ''] = await pointsAt(test, agent, 'Carla Beispiel\nWeg 1\n63452 Hanau', 'post');
      const { id } = await test.app.db.selectFrom('refusals').select('id').executeTakeFirstOrThrow();
      await liftRefusal(test.app, agent, point, { refusalId: id, reason: 'It was Conrad.' });
    },
  },
  {
    name: 'processing is restricted, and the end announced',
    act: async (test) => {
      const agent = await member(test, 'agent');
      const [point = ''] = await pointsAt(test, agent, 'conrad@example.org', 'email');
      await restrictProcessing(test.app, agent, point, 'accuracy_contested', 'letter');
      await liftRestriction(test.app, agent, point);
    },
  },
  {
    name: 'an import is filed, released and landed',
    act: async (test) => {
      const { app } = test;
      const [admin, legal] = await Promise.all([member(test, 'admin'), member(test, 'legal')]);
      const id = newId();
      await fileAtDesk(app, admin, { id, name: 'list.csv', file: Buffer.from(importFile) });
      await runImport(app, id);
      const released = await releaseImport(app, legal, id);
      if (released.outcome !== 'released') throw new Error(released.outcome);
      await runImport(app, id);
    },
  },
  {
    name: 'a key of receipts is made, and replaced',
    act: async ({ app }) => {
      await currentReceiptKey(app);
      await rotateReceiptKey(app);
    },
  },
  {
    name: 'a program asks, and the minute is over',
    act: async ({ app, call, pass }) => {
      const asked = { purpose: 'product-news', channel: 'email', contact_points: ['carol@example.org'] };
      await call('/decisions', asked);
      await flushDecisions(app);
      pass({ hours: 1 });
      await sealBatches(app);
    },
  },
  {
    name: 'a signup expires, and its person is erased',
    act: async ({ app, pass }) => {
      await signUp(app, 'dora@example.org', ['product-news:email']);
      pass({ days: 8 });
      await expireSignups(app);
      pass({ days: 8 });
      await purgeSignups(app);
    },
  },
  {
    name: 'permissions expire',
    act: async ({ app, pass }) => {
      pass({ days: 1100 });
      await expirePermissions(app);
    },
  },
];
