import { findForm } from '#src/forms/find-form.ts';
import { runDueJobs } from '#src/jobs/scheduler.ts';
import { deliverDue } from '#src/mail/deliver.ts';
import type { OutgoingMail, SendResult, Transport } from '#src/mail/transport.ts';
import { lookupHash } from '#src/people/contact-points.ts';
import { suppress } from '#src/people/suppress.ts';
import { withdrawByAddress } from '#src/permissions/withdraw-by-address.ts';
import { confirmByCode } from '#src/signups/confirm-by-code.ts';
import { confirmSignup } from '#src/signups/confirm-signup.ts';
import { describeSignup } from '#src/signups/describe-signup.ts';
import { rejectSignup } from '#src/signups/reject-signup.ts';
import { aClient, confirmationsTo, newestToken, signUp, type TestApp } from '#tests/support/app.ts';

/** A mail server that takes everything but what goes to `refused@…`. */
export const postOffice: Transport = {
  name: 'post office',
  batch: 20,
  asBatch: false,
  send: async (mails) => mails.map(answer),
  close: async () => {},
};

function answer({ to }: OutgoingMail): SendResult {
  return to.startsWith('refused')
    ? { outcome: 'refused', reason: '550 no such mailbox' }
    : { outcome: 'sent', providerId: null, answer: '250 ok' };
}

export async function deliver({ app }: TestApp): Promise<void> {
  for (;;) {
    const { sent, failed, retried, cancelled } = await deliverDue(app, postOffice, 20);
    if (sent + failed + retried + cancelled === 0) return;
  }
}

/** Opens the link as its reader's browser does. */
export async function openLink({ app }: TestApp, email: string): Promise<void> {
  const signup = await describeSignup(app, await newestToken(app, email));
  if (signup.state === 'open') app.sightings.opened(signup.seen);
}

export async function show(
  { app }: TestApp,
  key: string,
  times: number,
  source: string | null = null,
  page: string | null = null,
) {
  const form = await findForm(app.db, key);
  if (!form) throw new Error(`no form ${key}`);
  for (let time = 0; time < times; time += 1) app.sightings.shown(form, source, page);
}

/**
 * Two days of two forms, told in one place so that the numbers can be counted by hand.
 *
 * Monday, newsletter: Alice opens and confirms after 4 minutes, Bob confirms by code after 20, Carol says it was
 * not her, Dora's address is refused, Erin never answers. Fay comes by the spring letter and confirms after 4.
 * Monday, fair: Gus allows mail and calls, and confirms after 90 minutes. Tuesday: Alice withdraws.
 */
export async function twoDays(test: TestApp): Promise<void> {
  const { app, pass } = test;
  await show(test, 'newsletter', 10, null, 'http://localhost:8080/start?visitor=anna@example.org');
  await show(test, 'newsletter', 3, 'spring-letter');
  await show(test, 'fair', 2);
  const news = ['product-news:email'];
  await signUp(app, 'alice@example.org', [...news, 'event-invitations:email']);
  const bob = await signUp(app, 'bob@example.org', news);
  await signUp(app, 'carol@example.org', news);
  await signUp(app, 'refused@example.org', news);
  await signUp(app, 'erin@example.org', news);
  await signUp(app, 'fay@example.org', news, 'newsletter', { source: 'spring-letter' });
  await signUp(app, 'gus@example.org', ['product-news:email', 'service-calls:phone'], 'fair', {
    phone: '+49 6181 123456',
  });
  await deliver(test);
  pass({ minutes: 4 });
  for (const email of [
    'alice@example.org',
    'alice@example.org',
    'carol@example.org',
    'fay@example.org',
    'gus@example.org',
  ])
    await openLink(test, email);
  for (const email of ['alice@example.org', 'fay@example.org'])
    await confirmSignup(app, await newestToken(app, email), aClient);
  await rejectSignup(app, await newestToken(app, 'carol@example.org'), aClient);
  pass({ minutes: 16 });
  const [{ code } = { code: '' }] = await confirmationsTo(app, 'bob@example.org');
  await confirmByCode(app, bob, code, aClient);
  pass({ minutes: 70 });
  await confirmSignup(app, await newestToken(app, 'gus@example.org'), aClient);
  await deliver(test);
  pass({ days: 1 });
  await app.db
    .transaction()
    .execute((tx) =>
      withdrawByAddress(
        tx,
        app,
        { contactPoint: 'alice@example.org', how: 'telephone' },
        { origin: 'staff', actor: 'staff-lena' },
      ),
    );
}

export async function bounce({ app }: TestApp, email: string): Promise<void> {
  const hash = lookupHash(app.keys, 'email', email);
  await app.db
    .transaction()
    .execute((tx) => suppress(tx, app.now().toISOString(), [{ channel: 'email', hash }], 'bounce'));
}

export async function letRequestsEnd({ app, pass }: TestApp): Promise<void> {
  pass({ days: 4 });
  await runDueJobs(app);
}
