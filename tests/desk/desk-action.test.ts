import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { controllerActions } from '#src/actions/desk/controllers.ts';
import { signInWithPassword } from '#src/actions/desk/sign-in.ts';
import { addWebhook, webhookActions } from '#src/actions/desk/webhooks.ts';
import { findController } from '#src/controllers/controller.ts';
import { again, answerPost, deskAction, faultAt, redirect, show } from '#src/desk/desk-action.ts';
import { checked, chosenOf, line, lines, newRowId, oneOf, revision, text } from '#src/http/form-schema.ts';
import { newId } from '#src/ids/new-id.ts';
import type { Role } from '#src/staff/roles.ts';
import { aMember, signedIn } from '#tests/staff/desk.ts';
import { openTestApp, type TestApp } from '#tests/support/app.ts';
import { databases } from '#tests/support/databases.ts';

const notice = { action: 'publish', version: '2', url: 'https://muster-werkzeuge.example/privacy-2' };

describe.each(databases)('a desk that answers a POST, on %s', (name) => {
  let test: TestApp;
  beforeEach(async () => {
    test = await openTestApp(name, { limits: true });
  });
  afterEach(() => test.close());

  /** What Astro hands to a page, for a member of this role. */
  async function posted(role: Role, params: Record<string, string>, fields: Record<string, string>) {
    const { email } = await aMember(test.app, role);
    const staff = await signedIn(test.app, email);
    const url = new URL('http://localhost:4321/staff/somewhere');
    const request = new Request(url, { method: 'POST', body: new URLSearchParams(fields) });
    const locals = { app: test.app, staff };
    return { request, url, params, locals, clientAddress: '192.0.2.1', response: { status: 200 } };
  }

  it('leads on with a flash when it is done', async () => {
    const context = await posted('legal', { key: 'muster-werkzeuge' }, notice);
    const answer = await answerPost(context, controllerActions);
    expect(answer).toBeInstanceOf(Response);
    expect(answer).toMatchObject({ status: 303 });
    const location = (answer as Response).headers.get('location');
    expect(location).toBe('/staff/controllers/muster-werkzeuge?done=published');
    expect(await findController(test.app.db, 'muster-werkzeuge')).toMatchObject({ privacy_version: '2' });
  });

  it('shows the page again with what was typed, and a fault at each field', async () => {
    const context = await posted('legal', { key: 'muster-werkzeuge' }, { ...notice, version: '', url: 'no' });
    const answer = await answerPost(context, controllerActions);
    expect(context.response.status).toBe(422);
    expect(answer).toMatchObject({
      action: 'publish',
      fields: { version: [''], url: ['no'] },
      faults: [
        { field: 'version', href: '#version' },
        { field: 'url', href: '#url' },
      ],
    });
  });

  it('says where somebody else saved meanwhile', async () => {
    const company = { action: 'save', revision: '0', legal_name: 'Muster Werkzeuge GmbH', country: 'de' };
    const typed = { address: 'Neue Straße 1, 63450 Hanau', privacy_email: 'privacy@example.org' };
    const imprint = 'Muster Werkzeuge GmbH\r\n Neue Straße 1';
    const context = await posted('legal', { key: 'muster-werkzeuge' }, { ...company, ...typed, imprint });
    const answer = await answerPost(context, controllerActions);
    expect(context.response.status).toBe(409);
    expect(answer).toMatchObject({ status: 409, faults: [], conflict: { revision: 1 } });
    expect(JSON.stringify(answer)).toContain('Neue Straße 1, 63450 Hanau');
  });

  it('shows a new secret in the answer only, once', async () => {
    const fields = { id: newId(), url: 'https://crm.example/hook', event: 'permission.granted' };
    const context = await posted('admin', {}, fields);
    const again = { ...context, request: context.request.clone() };
    expect(await answerPost(context, addWebhook)).toMatchObject({
      status: 200,
      shown: { secret: expect.any(String) },
    });
    expect(await answerPost(again, addWebhook)).toMatchObject({ status: 200, shown: { secret: undefined } });
  });

  it('does nothing for a role without the ability', async () => {
    const context = await posted('marketing', { key: 'muster-werkzeuge' }, notice);
    await expect(answerPost(context, controllerActions)).rejects.toThrow('may not do purposes.write');
    expect(await findController(test.app.db, 'muster-werkzeuge')).not.toMatchObject({ privacy_version: '2' });
  });

  it.each(['', 'approve', 'constructor', 'toString'])('refuses the action %j', async (action) => {
    const context = await posted('admin', { id: newId() }, { action });
    await expect(answerPost(context, webhookActions)).rejects.toMatchObject({ details: { status: 422 } });
  });

  it('refuses fields that no page of ours sends', async () => {
    const context = await posted('admin', {}, { id: "1' or '1", url: 'https://crm.example/hook' });
    await expect(answerPost(context, addWebhook)).rejects.toMatchObject({ details: { status: 422 } });
  });

  it('reads what a button of a row says behind its action', async () => {
    const row = deskAction('account.change', z.object({}), async ({ argument }) => show(argument));
    const context = await posted('admin', {}, { action: 'drop:news:email' });
    expect(await answerPost(context, { drop: row })).toMatchObject({ action: 'drop', shown: 'news:email' });
  });

  it('takes a file where the page asks for one, as large as it says', async () => {
    const sizes = deskAction('account.change', z.object({ note: line }), async ({ files }, { note }) =>
      show({ note, size: files.scan?.size, empty: files.other }),
    );
    const body = new FormData();
    body.set('note', ' a ');
    body.set('scan', new File(['12345'], 'scan.pdf'));
    body.set('other', new File([], ''));
    const context = await posted('admin', {}, {});
    const send = (uploadBytes: number) => {
      const request = new Request(context.url, { method: 'POST', body });
      return answerPost({ ...context, request }, sizes, { uploadBytes });
    };
    expect(await send(5000)).toMatchObject({ shown: { note: 'a', size: 5, empty: undefined } });
    await expect(send(100)).rejects.toMatchObject({ details: { status: 413 } });
  });

  it('says when somebody who guesses passwords may try again', async () => {
    const { email } = await aMember(test.app, 'legal');
    const context = await posted('admin', {}, { email, password: 'wrong' });
    const headers = new Headers();
    let answer: Awaited<ReturnType<typeof answerPost>>;
    for (let attempt = 0; attempt < 40 && context.response.status !== 429; attempt++) {
      const request = context.request.clone();
      answer = await answerPost(
        { ...context, request, response: Object.assign(context.response, { headers }) },
        signInWithPassword,
      );
    }
    expect(answer).toMatchObject({ status: 429, faults: [{ field: 'email' }] });
    expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
  });

  it('is quiet when nothing was posted', async () => {
    const context = await posted('admin', {}, {});
    const action = deskAction('account.change', z.object({}), async () => again([faultAt('a', 'b')]));
    const request = new Request(context.url);
    expect(await answerPost({ ...context, request }, action)).toBeUndefined();
    expect(context.response.status).toBe(200);
  });
});

describe('a redirect', () => {
  it('has no query without a flash', () => {
    expect(redirect('/staff/mails').headers.get('location')).toBe('/staff/mails');
  });

  it('writes the flash as a query', () => {
    const { headers } = redirect('/staff/mails', { queued: '3', lang: 'en' });
    expect(headers.get('location')).toBe('/staff/mails?queued=3&lang=en');
  });
});

describe('the fields of a desk form', () => {
  const of = (schema: z.ZodType, ...values: string[]) =>
    schema.safeParse(values.length > 0 ? values : undefined).data;

  it('reads text as typed, a line tidied, and lines each without spaces around', () => {
    expect(of(text, ' a  b ')).toBe(' a  b ');
    expect(of(line, ' a \n b ')).toBe('a b');
    expect(of(lines, ' a  b \r\n c \n')).toBe('a  b\nc');
    expect([of(text), of(line), of(lines)]).toEqual(['', '', '']);
  });

  it('knows whether a box is ticked', () => {
    expect([of(checked, '1'), of(checked, ''), of(checked)]).toEqual([true, true, false]);
  });

  it('takes of several values those it knows', () => {
    expect(of(chosenOf(['a', 'b', 'c']), 'c', 'x', 'a')).toEqual(['a', 'c']);
    expect(of(chosenOf(['a']))).toEqual([]);
  });

  it('takes one of the values, an id and a revision, and nothing else', () => {
    expect([of(oneOf(['a', 'b']), 'b'), of(oneOf(['a', 'b']), 'c'), of(oneOf(['a', 'b']))]).toEqual([
      'b',
      undefined,
      undefined,
    ]);
    const id = newId();
    expect([of(newRowId, ` ${id} `), of(newRowId, 'x')]).toEqual([id, undefined]);
    expect(of(revision, '7')).toBe(7);
  });
});
