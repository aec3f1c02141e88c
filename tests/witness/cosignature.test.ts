import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { signCheckpoint } from '#src/log/checkpoint.ts';
import { cosign, readCosignatures, readWitnessKey } from '#src/log/cosignature.ts';
import { cosignatureType, splitNote, verifierOf } from '#src/log/signed-note.ts';

// A head of a public log of 2026 with the cosignatures of public witnesses, and the keys of two of them.
const note = `arche2025h1.staging.ct.transparency.dev
1432088532
U7WM79jrzyhGZ5/GUBTpM7NzwdyfFx61t3RovgcC4Ro=

— arche2025h1.staging.ct.transparency.dev zTM8sQAAAZ5W0WdjBAMARjBEAiBjW5IQf9pvsYLfQFX6hoGREPMHbdQ3urbllzalApkptQIgIpwtEroeW2BXaHAI4kJXFbon5Ch9MNL5zRNZ55lvGt0=
— arche2025h1.staging.ct.transparency.dev ui8GwCF1+kWqZrxGdhj4aX3gcw7XUlXQQabg/27lefwhUkzbC3NygNI75MdhL1bfTW9g8Ei59RA23oHP7Ry1k3ZFWwQ=
— transparency.dev/DEV:witness-little-garden 2AQqhwAAAABqEiEgzgFIqqhbUoDwjMWE6UP8nd8/KYTzwZ2rhIgcqoXHAwVkjZr4AscylP3v7sEodkRAErumC2q44vdgJY096st5BQ==
— witness1.smartit.nu/witness1 pIyCDwAAAABqEiEghIp82KWebrw7/oHQwlTAm3g2RKS4+eebl8eO0WH+/iEcxZ75W3u5hNI7TOQtmJbqmNWVuE0tgh0XwzdZsDsUAQ==
— remora.n621.de 2net5wAAAABqEiEgPlfF3V06o0Y+fHM+J5J9s27wgxxcOVSpZ/2g/KSiXCg9DEZI+aVCIobWX9sXTynk5XeU/zZ0WBxtqB0DrAWfBw==
`;
const remora = 'remora.n621.de+da77ade7+BOvN63jn/bLvkieywe8R6UYAtVtNbZpXh34x7onlmtw2';
const smartit = 'witness1.smartit.nu/witness1+a48c820f+BPSFWg9G6KPiO7QPryYO5Xq4oYJJ+kAvLKLSimDhoxMO';

describe('a cosignature', () => {
  it.each([remora, smartit])('of a public witness is read with its key %s', (text) => {
    const witness = requireKey(text);
    const [found, ...more] = readCosignatures(note, [witness]) ?? [];
    expect(more).toEqual([]);
    expect(found).toMatchObject({ witness, at: new Date(0x6a122120 * 1000) });
    expect(note).toContain(found?.line);
  });

  it('of an unknown key is ignored', () => {
    const { privateKey } = generateKeyPairSync('ed25519');
    const other = verifierOf({ name: 'remora.n621.de', key: privateKey }, cosignatureType);
    expect(readCosignatures(note, [other])).toEqual([]);
  });

  it.each([
    ['another size', note.replace('1432088532', '1432088531')],
    ['another root', note.replace('U7WM', 'U7WN')],
    ['another time', note.replace('2net5wAAAABqEiEg', '2net5wAAAABqEiEh')],
    ['another signature', note.replace('PlfF3V', 'PlfF3W')],
    ['a signature that is too short', note.replace(/(— remora\S* )\S+/, '$12net5wAAAABqEiEg')],
    ['no note', 'Hello'],
  ])('with %s is refused', (_, text) => {
    expect(readCosignatures(text, [requireKey(remora)])).toBeUndefined();
  });

  it('of our own is read as it was made, and never without a time', () => {
    const key = generateKeyPairSync('ed25519').privateKey;
    const log = { name: 'log.example', key: generateKeyPairSync('ed25519').privateKey };
    const witness = { name: 'witness.example', key };
    const signed = signCheckpoint({ origin: 'log.example', size: 1, root: Buffer.alloc(32) }, [log]);
    const text = splitNote(signed)?.text ?? '';
    const at = new Date('2026-11-02T09:00:00.900Z');
    const verifier = verifierOf(witness, cosignatureType);
    expect(readCosignatures(signed + cosign(text, witness, at), [verifier])).toMatchObject([
      { at: new Date('2026-11-02T09:00:00.000Z') },
    ]);
    expect(readCosignatures(signed + cosign(text, witness, new Date(0)), [verifier])).toBeUndefined();
  });
});

describe('the key of a witness', () => {
  it.each([
    ['a log', 'example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k'],
    ['another id', remora.replace('da77ade7', 'da77ade8')],
    ['nobody', ''],
  ])('is not that of %s', (_, text) => expect(readWitnessKey(text)).toBeUndefined());
});

function requireKey(text: string) {
  const verifier = readWitnessKey(text);
  if (!verifier) throw new Error('The key cannot be read.');
  return verifier;
}
