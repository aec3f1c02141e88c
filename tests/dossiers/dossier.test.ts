import { spawnSync } from 'node:child_process';
import { createHash, generateKeyPairSync } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeDossier } from '#src/dossiers/make-dossier.ts';
import type { StorySubject } from '#src/dossiers/read-story.ts';
import { unpackFiles } from '#src/dossiers/zip.ts';
import { cosign } from '#src/log/cosignature.ts';
import type { LogKeyPlace } from '#src/log/log-key.ts';
import { newestCheckpoint } from '#src/log/log-status.ts';
import { rotateLogKey } from '#src/log/rotate-key.ts';
import { cosignatureType, splitNote, verifierOf, verifierText } from '#src/log/signed-note.ts';
import { stampLog } from '#src/log/stamp-log.ts';
import { signNow } from '#src/log/start-log.ts';
import type { Files } from '#src/verifier/file-list.ts';
import { verifyDossier } from '#src/verifier/verify-dossier.ts';
import { openTestApp, type TestApp } from '#tests/support/app.ts';
import { databases } from '#tests/support/databases.ts';
import { startTimeStamps } from '#tests/support/time-stamps.ts';
import { withLogKey } from './log-key.ts';
import { aPermission, kinds } from './six-kinds.ts';

const by = { actor: null, note: {} };

describe.each(databases)('a dossier on %s', (name) => {
  let test: TestApp;
  let folder: string;
  let removeKey: () => void;

  beforeEach(async () => {
    test = await openTestApp(name);
    removeKey = await withLogKey(test.app);
    folder = mkdtempSync(join(tmpdir(), 'jawort-dossier-'));
  });
  afterEach(async () => {
    await test.close();
    removeKey();
    rmSync(folder, { recursive: true });
  });

  async function dossierOf(subject: StorySubject, at = test.app.now().toISOString()) {
    const made = await makeDossier(test.app, subject, at, by);
    if (made.outcome !== 'made') throw new Error(made.outcome);
    return made.zip;
  }

  /** As before they were kept. */
  async function dropFormPages(): Promise<void> {
    const { db } = test.app;
    if (name === 'postgres') await sql`ALTER TABLE form_version_pages DISABLE TRIGGER USER`.execute(db);
    else {
      const triggers = await sql<{
        name: string;
      }>`select name from sqlite_master where type = 'trigger' and tbl_name = 'form_version_pages'`.execute(
        db,
      );
      for (const { name: trigger } of triggers.rows) await sql`DROP TRIGGER ${sql.id(trigger)}`.execute(db);
    }
    await db.deleteFrom('form_version_pages').execute();
  }

  function write(file: string, bytes: Uint8Array): void {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), bytes);
  }

  function unpack(zip: Uint8Array): Files {
    const files = unpackFiles(zip);
    if (!files) throw new Error('no zip');
    for (const [file, bytes] of files) write(file, bytes);
    return files;
  }

  function check(...args: string[]) {
    const { status, stdout, stderr } = spawnSync(process.execPath, [join(folder, 'verify.mjs'), ...args], {
      encoding: 'utf8',
    });
    return { status, said: stdout + stderr };
  }

  it.each(kinds)(
    'of %s proves itself, and any change of a byte is found in its file',
    async (kind) => {
      const permissionId = await aPermission(test.app, kind);
      const times: { busy: number; passed: number }[] = [];
      for (let time = 0; time < 3; time++) {
        const [started, before] = [performance.now(), process.cpuUsage()];
        await dossierOf({ permissionId });
        const { user, system } = process.cpuUsage(before);
        const passed = Math.round(performance.now() - started);
        times.push({ busy: Math.round((user + system) / 1000), passed });
      }
      const files = unpack(await dossierOf({ permissionId }));
      // The quickest of three: the first one loads fonts and builds the verifier. Other programs don't count.
      const [{ busy, passed } = { busy: 0, passed: 0 }] = times.toSorted((a, b) => a.busy - b.busy);
      console.info(`${name}: dossier of ${kind}: ${busy} ms busy, ${passed} ms passed, ${files.size} files`);
      expect(busy).toBeLessThan(1000);
      expect(check()).toEqual({ status: 0, said: expect.stringContaining('GENUINE') });
      for (const [file, bytes] of files) {
        const changed = new Map(files).set(file, oneByteChanged(bytes));
        const found = await faultsIn(changed);
        expect({ file, ...found }).toEqual({
          file,
          outcome: 'not_genuine',
          faults: expect.arrayContaining([file]),
        });
      }
    },
    60_000,
  );

  it('checks itself on the command line, whichever file was changed', async () => {
    const files = unpack(
      await dossierOf({ permissionId: await aPermission(test.app, 'a signup on the web') }),
    );
    for (const [file, bytes] of files) {
      write(file, oneByteChanged(bytes));
      const { status, said } = check();
      expect({ file, status, named: said.includes(file) }).toEqual({ file, status: 1, named: true });
      write(file, bytes);
    }
    expect(check().status).toBe(0);
  }, 60_000);

  it('is found changed, too, when the hashes of its files were computed again', async () => {
    const files = unpack(
      await dossierOf({ permissionId: await aPermission(test.app, 'a signup on the web') }),
    );
    for (const [file, bytes] of files) {
      if (file === 'SHA256SUMS') continue;
      const changed = new Map(files).set(file, oneByteChanged(bytes));
      const { outcome } = await faultsIn(relisted(changed));
      expect({ file, outcome }).toEqual({ file, outcome: 'not_genuine' });
      const without = new Map(files);
      without.delete(file);
      expect((await faultsIn(relisted(without))).outcome).not.toBe('genuine');
    }
    const more = new Map(files).set('evidence/99-request.json', Buffer.from('{}'));
    expect((await faultsIn(more)).faults).toContain('evidence/99-request.json');
    expect((await faultsIn(relisted(more))).outcome).toBe('not_genuine');
  });

  it('of another log is not taken for one of ours', async () => {
    const permissionId = await aPermission(test.app, 'a signup on the web');
    const files = unpack(await dossierOf({ permissionId }));
    const [ours = ''] = Buffer.from(files.get('keys.txt') ?? [])
      .toString()
      .split('\n');
    const theirs = 'log.example+9a3a1bd6+AWNM64nM4JRSD5Zj9/2SgMaH5DgQcsRtxCmc0bSwNsFt';
    expect((await verifyDossier(files, [ours])).outcome).toBe('genuine');
    expect((await verifyDossier(files, [theirs])).outcome).toBe('not_genuine');
    expect(check('--key', theirs)).toEqual({
      status: 1,
      said: expect.stringContaining('not signed by a known key'),
    });
  });

  it('is followed from the first key of the log, however often the key was replaced', async () => {
    const permissionId = await aPermission(test.app, 'a signup on the web');
    const before = unpack(await dossierOf({ permissionId }));
    const [first = ''] = Buffer.from(before.get('keys.txt') ?? [])
      .toString()
      .split('\n');
    const { logKey } = test.app.config;
    if (!logKey) throw new Error('no key');
    for (let times = 0; times < 2; times++) {
      expect((await rotateLogKey(test.app, logKey)).outcome).toBe('rotated');
      test.pass({ days: 1 });
    }
    const files = unpack(await dossierOf({ permissionId }));
    expect((await verifyDossier(files)).outcome).toBe('genuine');
    expect((await verifyDossier(files, [first])).outcome).toBe('genuine');
    const leaves = JSON.parse(Buffer.from(files.get('leaves.json') ?? []).toString());
    const unlinked = { ...leaves, earlier: [] };
    const cut = relisted(new Map(files).set('leaves.json', Buffer.from(JSON.stringify(unlinked))));
    expect((await verifyDossier(cut, [first])).outcome).toBe('not_genuine');
  });

  it('is unreadable when it is empty, cut off, of something else or of another format', async () => {
    const zip = await dossierOf({ permissionId: await aPermission(test.app, 'a presumed interest') });
    const files = unpack(zip);
    expect(unpackFiles(new Uint8Array())).toBeUndefined();
    expect(unpackFiles(zip.subarray(0, zip.length / 2))).toBeUndefined();
    const foreign = new Map([['letter.txt', Buffer.from('Dear Alice')]]);
    expect(await verifyDossier(foreign)).toEqual({ outcome: 'unreadable', because: 'no_dossier' });
    expect(await verifyDossier(relisted(foreign))).toEqual({ outcome: 'unreadable', because: 'no_dossier' });
    const text = Buffer.from(files.get('leaves.json') ?? []).toString();
    const older = new Map(files).set('leaves.json', Buffer.from(text.replace('dossier/1', 'dossier/0')));
    expect(await verifyDossier(relisted(older))).toEqual({ outcome: 'unreadable', because: 'other_format' });
    for (const file of files.keys()) rmSync(join(folder, file), { force: true });
    write('verify.mjs', files.get('verify.mjs') ?? new Uint8Array());
    expect(check()).toEqual({ status: 2, said: expect.stringContaining('This is no dossier of Jawort.') });
  });

  it('carries the time stamp and the cosignatures of the first head that has each event', async () => {
    const service = await startTimeStamps(join(folder, 'tsa'), { key: 'ec' });
    const { app } = test;
    const witness = { name: 'witness.example', key: generateKeyPairSync('ed25519').privateKey };
    const key = verifierText(verifierOf(witness, cosignatureType), cosignatureType);
    app.config.witnesses = [{ key, url: 'http://127.0.0.1:1' }];
    app.config.stamps = { url: service.url, rootsFile: service.roots, everyMinutes: 60 };
    const permissionId = await aPermission(app, 'a signup on the web');
    await signNow(app, app.config.logKey as LogKeyPlace);
    const head = await newestCheckpoint(app.db);
    const size = Number(head?.size);
    expect(await stampLog(app, new AbortController().signal)).toEqual({ stamped: 1 });
    const line = cosign(splitNote(head?.note ?? '')?.text ?? '', witness, app.now());
    const at = app.now().toISOString();
    await app.db.insertInto('log_cosignatures').values({ size, witness: witness.name, at, line }).execute();
    const files = unpack(await dossierOf({ permissionId }));
    rmSync(join(folder, 'tsa'), { recursive: true });
    unpack(await dossierOf({ permissionId }));
    const { status, said } = check();
    expect({ status, said }).toEqual({
      status: 0,
      said: expect.stringMatching(/time stamp of size \d+, 20/),
    });
    expect(said).toContain(`witness has seen size ${size}, ${at.slice(0, 19)}`);
    expect(files.has(`tsa/${size}.tsr`)).toBe(true);
    const tsr = files.get(`tsa/${size}.tsr`) ?? new Uint8Array();
    // Its end is the signature.
    const forged = relisted(new Map(files).set(`tsa/${size}.tsr`, oneByteChanged(tsr, tsr.length - 1)));
    expect((await faultsIn(forged)).faults).toContain(`tsa/${size}.tsr`);
    const other = cosign('log.example\n1\nAAAA\n', witness, app.now());
    const leaves = Buffer.from(files.get('leaves.json') ?? []).toString();
    const uncosigned = leaves.replace(JSON.stringify(line), () => JSON.stringify(other));
    expect(uncosigned).not.toBe(leaves);
    const { outcome } = await faultsIn(relisted(new Map(files).set('leaves.json', Buffer.from(uncosigned))));
    expect(outcome).toBe('not_genuine');
    await service.close();
  }, 60_000);

  it('tells a past day as it was then', async () => {
    const permissionId = await aPermission(test.app, 'an existing customer');
    const then = test.app.now().toISOString();
    test.pass({ days: 2 });
    await aPermission(test.app, 'a signup on the web');
    const subject = { address: 'alice@example.org' };
    const past = unpackFiles(await dossierOf(subject, then)) ?? new Map();
    const now = unpackFiles(await dossierOf(subject)) ?? new Map();
    expect([...past.keys()].filter((file) => file.startsWith('evidence/0'))).toEqual([
      'evidence/01-capture.json',
    ]);
    expect([...now.keys()].filter((file) => file.startsWith('evidence/0'))).toHaveLength(3);
    expect((await verifyDossier(past)).outcome).toBe('genuine');
    const recordIn = (files: Files) => JSON.parse(Buffer.from(files.get('record.jsonld') ?? []).toString());
    expect(recordIn(past)).toMatchObject({ state: 'granted', '@type': 'dpv:DataProcessingRecord' });
    expect(recordIn(now)['@graph']).toMatchObject([
      { '@type': 'dpv:DataProcessingRecord' },
      { '@type': 'dpv:ConsentRecord' },
    ]);
    const early = await makeDossier(test.app, { permissionId }, '2026-01-02T00:00:00.000Z', by);
    expect(early).toEqual({ outcome: 'unknown' });
  });

  it('is made of old data as well: a form without its page, a mail without a commitment', async () => {
    const permissionId = await aPermission(test.app, 'a signup on the web');
    await dropFormPages();
    await test.app.db.updateTable('mails').set({ commitment: null }).execute();
    const files = unpack(await dossierOf({ permissionId }));
    expect([...files.keys()].filter((file) => /html|evidence\/mail/.test(file))).toEqual([]);
    expect(check().status).toBe(0);
  });

  it('leaves an entry in the audit trail and names no address there', async () => {
    const permissionId = await aPermission(test.app, 'a signup on the web');
    await dossierOf({ permissionId });
    const { details } = await test.app.db
      .selectFrom('audit_entries')
      .select('details')
      .where('act', '=', 'dossier.made')
      .where('subject', '=', `permission:${permissionId}`)
      .executeTakeFirstOrThrow();
    expect(JSON.parse(details)).toEqual({
      as_of: test.app.now().toISOString(),
      files_sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
  });
});

/** The files at fault. */
async function faultsIn(files: Files): Promise<{ outcome: string; faults: string[] }> {
  const verdict = await verifyDossier(files);
  if (verdict.outcome === 'unreadable') return { outcome: verdict.outcome, faults: [] };
  return { outcome: verdict.outcome, faults: verdict.checks.flatMap(({ ok, about }) => (ok ? [] : [about])) };
}

/** With a new list of hashes, as whoever changes a file would write it. */
function relisted(files: Files): Files {
  const names = [...files.keys()].filter((file) => file !== 'SHA256SUMS').sort();
  const lines = names.map((file) => {
    const hash = createHash('sha256')
      .update(files.get(file) ?? new Uint8Array())
      .digest('hex');
    return `${hash}  ${file}\n`;
  });
  return new Map(files).set('SHA256SUMS', Buffer.from(lines.join('')));
}

function oneByteChanged(bytes: Uint8Array, at = Math.floor(bytes.length / 2)): Uint8Array {
  const changed = new Uint8Array(bytes);
  changed[at] = (changed[at] ?? 0) ^ 1;
  return changed;
}
