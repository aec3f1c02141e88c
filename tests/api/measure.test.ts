import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { measuredIn } from '#src/decisions/measured-words.ts';
import { newId } from '#src/ids/new-id.ts';
import { confirmSignup } from '#src/signups/confirm-signup.ts';
import { openTestApi, type TestApi } from '#tests/support/api.ts';
import { aClient, newestToken, signUp } from '#tests/support/app.ts';
import { databases } from '#tests/support/databases.ts';

describe.each(databases)('whether a mail may be measured, on %s', (name) => {
  let test: TestApi;
  beforeEach(async () => {
    test = await openTestApi(name);
    await signUp(test.app, 'anna@example.org', ['product-news:email']);
    await confirmSignup(test.app, await newestToken(test.app, 'anna@example.org'), aClient);
  });
  afterEach(() => test.close());

  async function ask() {
    const asked = {
      purpose: 'product-news',
      channel: 'email',
      contact_points: ['anna@example.org', 'bob@example.org'],
    };
    const { status, body } = await test.call('/decisions', { ...asked, include: ['measure'] });
    expect(status).toBe(200);
    return body.decisions as { allowed: boolean; duties: string[]; measure: object }[];
  }

  /** As if Anna had agreed to the other purpose as well: its key becomes that of measuring. */
  async function agreesToMeasuring(wording: string) {
    const { db } = test.app;
    const granted = await db.selectFrom('permissions').selectAll().executeTakeFirstOrThrow();
    const other = await db
      .selectFrom('purposes')
      .select('id')
      .where('key', '=', 'event-invitations')
      .executeTakeFirstOrThrow();
    await db.updateTable('purposes').set({ key: 'tracking-email' }).where('id', '=', other.id).execute();
    const [id, versionId] = [newId(), newId()];
    const version = await db
      .selectFrom('consent_text_versions')
      .selectAll()
      .where('id', '=', granted.text_version_id)
      .executeTakeFirstOrThrow();
    await db
      .insertInto('consent_text_versions')
      .values({ ...version, id: versionId, major: 77, wording, state: 'retired', stopped_at: null })
      .execute();
    await db
      .insertInto('permissions')
      .values({ ...granted, id, purpose_id: other.id, text_version_id: versionId })
      .execute();
  }

  it('is a no without a consent of its own', async () => {
    const [anna, bob] = await ask();
    expect(anna).toMatchObject({ allowed: true, measure: { opens: false, clicks: false } });
    expect(anna?.duties).toContain('no_tracking');
    expect(bob).toMatchObject({ allowed: false, measure: { opens: false, clicks: false } });
  });

  it('is what the words of that consent name', async () => {
    await agreesToMeasuring(
      'Ja, die Firma darf messen, ob ich ihre E-Mails öffne und welche Links ich anklicke.',
    );
    const [anna, bob] = await ask();
    expect(anna).toMatchObject({ measure: { opens: true, clicks: true } });
    expect(anna?.duties).not.toContain('no_tracking');
    expect(bob).toMatchObject({ measure: { opens: false, clicks: false } });
  });

  it('is a no again once the words name neither, or only one', () => {
    expect(measuredIn('You may measure whether I open your emails.')).toEqual({ opens: true, clicks: false });
    expect(measuredIn('You may measure which links I click.')).toEqual({ opens: false, clicks: true });
    expect(measuredIn('Ja, ich möchte Neues hören.')).toEqual({ opens: false, clicks: false });
  });
});
