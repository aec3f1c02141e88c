import { readFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findImport, requireImport } from '#src/exchange/imports.ts';
import { readMapping } from '#src/exchange/mapping.ts';
import { fileAtDesk, matchAtDesk } from '#src/exchange/release-import.ts';
import { runImport } from '#src/exchange/run-import.ts';
import { stateQuestions } from '#src/exchange/state-questions.ts';
import { newId } from '#src/ids/new-id.ts';
import { aMember } from '#tests/staff/desk.ts';
import { openTestApp, type TestApp } from '#tests/support/app.ts';
import { databases } from '#tests/support/databases.ts';

const rapidmail = await readFile(new URL('files/rapidmail-status.csv', import.meta.url));

describe.each(databases)('states matched at the desk on %s', (name) => {
  let test: TestApp;
  beforeEach(async () => {
    test = await openTestApp(name);
  });
  afterEach(() => test.close());

  it('are asked about before the file is checked', async () => {
    const { app } = test;
    const agent = await aMember(app, 'agent');
    const id = newId();
    // The columns are ours, so that nothing but the states is left to be matched.
    const file = Buffer.from(
      'contact_point,channel,purpose,text_version,captured_at,captured_by,source,status\n' +
        'a@example.org,email,product-news,product-news/email/de@1.0,2026-03-02,CRM,old,deleted\n',
    );
    expect(await fileAtDesk(app, agent, { id, name: 'old.csv', file })).toEqual({ outcome: 'filed' });
    const here = await requireImport(app.db, id);
    expect(here.state).toBe('mapping');
    const mapping = (more: object) => readMapping({ ...more }) ?? expect.unreachable();
    expect(await matchAtDesk(app, agent, here, mapping({}))).toMatchObject({ code: 'state_unanswered' });
    const states = { status: { active: 'yes' } };
    expect(await matchAtDesk(app, agent, here, mapping({ states }))).toMatchObject({
      code: 'state_unanswered',
      names: ['status'],
      values: ['deleted'],
    });
    const answered = mapping({ states: { status: { active: 'yes', deleted: 'withdrawn' } } });
    expect(await matchAtDesk(app, agent, here, answered)).toBeUndefined();
    await runImport(app, id);
    expect(await findImport(app.db, id)).toMatchObject({ state: 'waiting', withdrawn: 1, usable: 0 });
  });
});

it('shows the values of the columns that are asked about', async () => {
  expect(await stateQuestions(rapidmail)).toEqual([
    { column: 'status', values: ['active', 'new', 'deleted'], more: false },
    { column: 'deleted', values: ['2026-06-02T10:00:00Z'], more: false },
  ]);
});
