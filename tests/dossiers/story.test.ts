import { createHash } from 'node:crypto';
import PostalMime from 'postal-mime';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readStory, type StorySubject } from '#src/dossiers/read-story.ts';
import { unsubscribeLink } from '#src/links/signed-link.ts';
import { catchUp } from '#src/log/catch-up.ts';
import { verifyLog } from '#src/log/verify-log.ts';
import { unsubscribe } from '#src/permissions/unsubscribe.ts';
import { aClient, openTestApp, type TestApp } from '#tests/support/app.ts';
import { databases } from '#tests/support/databases.ts';
import { aPermission, type Kind, kinds } from './six-kinds.ts';

const sha256 = (bytes: string | Uint8Array) => createHash('sha256').update(bytes).digest('hex');

const wholeOf: Record<Kind, { ground: unknown; texts: string[]; files?: string[]; imports?: unknown[] }> = {
  'a signup on the web': { ground: null, texts: ['partner-offers/email/de@1.0'] },
  'a recorded call': {
    ground: ['consent', 'phone_recorded'],
    texts: ['service-calls/phone/de@1.0'],
    files: ['elsewhere'],
  },
  'a paper card with its scan': {
    ground: ['consent', 'paper'],
    texts: ['service-calls/phone/de@1.0'],
    files: ['application/pdf'],
  },
  'an import': {
    ground: ['consent', 'import'],
    texts: ['product-news/email/de@1.0'],
    imports: [['list.csv', 2, 'staff']],
  },
  'an existing customer': { ground: ['existing_customer', null], texts: ['product-news/email/de@1.0'] },
  'a presumed interest': { ground: ['presumed', null], texts: [] },
};

describe.each(databases)('the story of a permission on %s', (name) => {
  let test: TestApp;
  beforeEach(async () => {
    test = await openTestApp(name);
  });
  afterEach(() => test.close());

  async function storyOf(subject: StorySubject, at = test.app.now().toISOString()) {
    await catchUp(test.app);
    const read = await readStory(test.app, subject, at);
    if (read.outcome !== 'read') throw new Error(read.outcome);
    return read.story;
  }

  it('tells a signup on the web: form, boxes, mails, words, and where the log holds each line', async () => {
    const permissionId = await aPermission(test.app, 'a signup on the web');
    const story = await storyOf({ permissionId });
    expect(story.about).toBe('permission');
    expect(story.person.contactPoints).toMatchObject([{ value: 'alice@example.org', channel: 'email' }]);
    expect(story.permissions).toMatchObject([
      {
        id: permissionId,
        publicId: `per_${permissionId}`,
        state: 'granted',
        grade: 'A',
        thirdParties: [{ name: 'Beispiel Versicherung AG' }],
        purpose: { key: 'partner-offers' },
      },
    ]);
    expect(story.controllers).toMatchObject([
      { legalName: 'Muster Werkzeuge GmbH', notices: [{ version: expect.any(String) }] },
    ]);
    const [requested, confirmed] = story.events;
    expect(requested).toMatchObject({
      kind: 'requested',
      from: 'none',
      to: 'pending',
      by: { kind: 'person' },
      fields: [{ name: 'email', value: 'alice@example.org' }],
      boxes: [
        { value: 'product-news:email', ticked: false },
        { value: 'event-invitations:email', ticked: false },
        { value: 'partner-offers:email', ticked: true, textVersion: 'partner-offers/email/de@1.0' },
      ],
    });
    expect(confirmed).toMatchObject({
      kind: 'confirmed',
      evidence: { content: { action: 'POST action=confirm' } },
    });
    for (const { evidence, log } of story.events) {
      expect(sha256(evidence?.salted ?? '')).toBe(evidence?.commitment);
      expect(log[0]?.body).toContain(evidence?.commitment);
    }
    const [text] = story.texts;
    expect(sha256(text?.wording ?? '')).toBe(text?.sha256);
    expect(text).toMatchObject({ liveFrom: '2026-01-01T00:00:00.000Z', log: [{ kind: 'text_version' }] });
    const [form] = story.forms;
    const [page] = form?.pages ?? [];
    expect(sha256(form?.definition ?? '')).toBe(form?.sha256);
    expect(sha256(page?.html ?? '')).toBe(page?.sha256);
    expect(page?.html).toContain(text?.wording);
  });

  it('keeps each mail as it was sent, and the log commits to what it said', async () => {
    const permissionId = await aPermission(test.app, 'a signup on the web');
    const { mails } = await storyOf({ permissionId });
    expect(mails.map(({ kind, state }) => ({ kind, state }))).toEqual([
      { kind: 'confirm-signup', state: 'sent' },
      { kind: 'permissions-changed', state: 'sent' },
    ]);
    for (const { content, messageId, log, answer } of mails) {
      if (!content) throw new Error('no copy');
      const mail = await PostalMime.parse(content.eml);
      expect(mail).toMatchObject({ messageId, subject: content.subject });
      expect(sha256(content.salted ?? '')).toBe(content.commitment);
      expect(log.at(-1)?.body).toContain(content.commitment);
      expect(answer).not.toBeNull();
    }
    expect((await verifyLog(test.app, [])).findings).toEqual([]);
  });

  it.each(kinds)('is whole for %s, and each line has its place in the log', async (kind) => {
    const permissionId = await aPermission(test.app, kind);
    const story = await storyOf({ permissionId });
    expect(story.permissions).toMatchObject([{ state: 'granted' }]);
    const stored = story.files.filter((file) => file.stored !== null);
    for (const { log } of [...story.events, ...story.mails, ...stored, ...story.texts, ...story.imports]) {
      expect(log.length).toBeGreaterThan(0);
    }
    expect({
      ground: story.events.at(-1)?.ground && [
        story.events.at(-1)?.ground?.basis,
        story.events.at(-1)?.ground?.method,
      ],
      files: story.files.map((file) => file.stored?.type ?? 'elsewhere'),
      imports: story.imports.map(({ name, lines, releasedBy }) => [name, lines[0]?.line, releasedBy?.kind]),
      texts: story.texts.map(({ ref }) => ref),
    }).toEqual({ files: [], imports: [], ...wholeOf[kind] });
  });

  it('tells as of a past day what was known then, and nothing of what came later', async () => {
    const permissionId = await aPermission(test.app, 'a signup on the web');
    const then = test.app.now().toISOString();
    test.pass({ days: 3 });
    const [point] = (await storyOf({ permissionId })).person.contactPoints;
    await unsubscribe(test.app, unsubscribeLink(test.app.keys, point?.id ?? '', 0), 'page', aClient);
    const now = await storyOf({ permissionId });
    expect(now.permissions).toMatchObject([{ state: 'withdrawn' }]);
    expect(now.events.at(-1)).toMatchObject({ kind: 'withdrawn', from: 'granted', to: 'withdrawn' });
    expect(await storyOf({ permissionId }, then)).toMatchObject({
      permissions: [{ state: 'granted' }],
      events: [{ kind: 'requested' }, { kind: 'confirmed' }],
      blocks: [],
    });
    const before = await readStory(test.app, { permissionId }, '2026-01-01T00:00:00.000Z');
    expect(before).toEqual({ outcome: 'unknown' });
  });

  it('tells everything about a person, by their address', async () => {
    await aPermission(test.app, 'an existing customer');
    await aPermission(test.app, 'a signup on the web');
    const story = await storyOf({ address: 'Alice@Example.ORG' });
    expect(story.about).toBe('person');
    expect(story.permissions.map(({ purpose }) => purpose.key).sort()).toEqual([
      'partner-offers',
      'product-news',
    ]);
    expect(await readStory(test.app, { address: 'nobody@example.org' }, story.at)).toEqual({
      outcome: 'unknown',
    });
    expect(await readStory(test.app, { address: 'no address' }, story.at)).toEqual({
      outcome: 'not_an_address',
    });
  });
});
