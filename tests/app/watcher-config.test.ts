import { describe, expect, it } from 'vitest';
import { readConfig } from '#src/app/config.ts';
import { watcherFaults } from '#src/log/watcher-faults.ts';

const one = 'remora.n621.de+da77ade7+BOvN63jn/bLvkieywe8R6UYAtVtNbZpXh34x7onlmtw2';
const other = 'witness1.smartit.nu/witness1+a48c820f+BPSFWg9G6KPiO7QPryYO5Xq4oYJJ+kAvLKLSimDhoxMO';
const both = `${one} https://remora.n621.de/,\n ${other} http://10.0.0.7:8600`;

describe('who outside remembers the log', () => {
  it('is nobody unless the environment names them', () => {
    expect(readConfig({})).toMatchObject({
      config: { witnesses: [], witnessQuorum: 0, stamps: undefined },
    });
  });

  it('is read as pairs of key and address, of which all have to cosign unless a number is named', () => {
    const config = {
      witnesses: [{ key: one, url: 'https://remora.n621.de/' }, { key: other }],
      witnessQuorum: 2,
    };
    expect(readConfig({ WITNESSES: both })).toMatchObject({ ok: true, config });
    expect(readConfig({ WITNESSES: both, WITNESS_QUORUM: '1' })).toMatchObject({
      ok: true,
      config: { witnessQuorum: 1 },
    });
    const stamps = { url: 'https://tsa.example.org/', rootsFile: 'roots.pem', everyMinutes: 30 };
    expect(
      readConfig({ TSA_URL: 'https://tsa.example.org/', TSA_ROOTS: 'roots.pem', TSA_MINUTES: '30' }),
    ).toMatchObject({ ok: true, config: { stamps } });
  });

  it.each([
    [{ WITNESSES: one }, 'pairs'],
    [{ WITNESSES: `https://remora.n621.de/ ${one}` }, 'pairs'],
    [{ WITNESSES: `${one} ftp://remora.n621.de/` }, 'pairs'],
    [{ WITNESSES: `${one} https://a.example/, ${one} https://b.example/` }, 'twice'],
    [{ WITNESSES: both, WITNESS_QUORUM: '3' }, 'WITNESSES names 2'],
    [{ WITNESS_QUORUM: '0' }, 'must be a number of witnesses'],
    [{ TSA_URL: 'https://tsa.example.org/' }, 'TSA_ROOTS is missing'],
    [{ TSA_URL: 'tsa.example.org', TSA_ROOTS: 'roots.pem' }, 'http'],
    [{ TSA_MINUTES: '0' }, 'minutes'],
  ] as [Record<string, string>, string][])('is refused at the start for %j', (environment, mistake) => {
    const read = readConfig(environment);
    expect(read.ok ? [] : read.mistakes).toEqual([expect.stringContaining(mistake)]);
  });

  it('is refused at the start with a key that is none of a witness', () => {
    const read = readConfig({ WITNESSES: `${one.replace('da77ade7', 'da77ade8')} https://remora.n621.de/` });
    if (!read.ok) throw new Error(read.mistakes.join('\n'));
    expect(watcherFaults(read.config)).toEqual([expect.stringContaining('is not the key of a witness')]);
  });
});
