import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { openCheckpoint, readCheckpointText, signCheckpoint } from '#src/log/checkpoint.ts';
import { openNote, readVerifier, signNote, verifierOf, verifierText } from '#src/log/signed-note.ts';

// The example of c2sp.org/signed-note.
const exampleKey = 'example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k';
const exampleNote = `This is an example message.

— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=
`;

describe('a signed note', () => {
  it('of the specification opens with the key of the specification', () => {
    const verifier = requireVerifier(exampleKey);
    expect(openNote(exampleNote, [verifier])).toEqual({
      outcome: 'opened',
      text: 'This is an example message.\n',
      signedBy: [verifier],
    });
    expect(verifierText(verifier)).toBe(exampleKey);
  });

  it.each([
    ['another text', exampleNote.replace('message', 'messages'), 'wrong_signature'],
    ['another signature', exampleNote.replace('ZtgIK', 'ZtgIL').replace('ZXsYj', 'ZXsYk'), 'wrong_signature'],
    ['a key of another name', exampleNote.replace('com/foo', 'com/bar'), 'unknown_key'],
    ['no signature', 'This is an example message.\n', 'not_a_note'],
    ['no line break at its end', exampleNote.trimEnd(), 'not_a_note'],
    ['a control character', exampleNote.replace('This', 'Th\u0007is'), 'not_a_note'],
    ['a hyphen in place of the dash', exampleNote.replace('—', '-'), 'not_a_note'],
    ['a signature that is no base64', exampleNote.replace('Uw2Q', 'Uw?Q'), 'not_a_note'],
    ['nothing', '', 'not_a_note'],
  ])('with %s does not open', (_, note, outcome) => {
    expect(openNote(note, [requireVerifier(exampleKey)])).toEqual({ outcome });
  });

  it('is opened by either of two keys that signed it', () => {
    const [former, current] = [newSigner('log.example'), newSigner('log.example')];
    const note = signNote('Text\n', [former, current]);
    for (const signer of [former, current]) {
      expect(openNote(note, [verifierOf(signer)])).toMatchObject({ outcome: 'opened', text: 'Text\n' });
    }
    expect(openNote(note, [verifierOf(newSigner('log.example'))])).toEqual({ outcome: 'unknown_key' });
  });
});

describe('a verifier key', () => {
  it.each([
    ['another id', exampleKey.replace('530d903a', '530d903b')],
    ['another type', 'example.com/foo+530d903a+Auk='],
    ['no name', exampleKey.replace('example.com/foo', '')],
    ['nothing', ''],
  ])('with %s is none', (_, text) => expect(readVerifier(text)).toBeUndefined());
});

describe('a checkpoint', () => {
  const signer = newSigner('log.example');
  const checkpoint = { origin: 'log.example', size: 20_852_163, root: Buffer.alloc(32, 7) };

  it('opens as it was signed', () => {
    const note = signCheckpoint(checkpoint, [signer]);
    expect(note.split('\n').slice(0, 3)).toEqual([
      'log.example',
      '20852163',
      Buffer.alloc(32, 7).toString('base64'),
    ]);
    expect(openCheckpoint(note, [verifierOf(signer)])).toMatchObject({ outcome: 'opened', checkpoint });
  });

  it.each([
    ['no root', 'log.example\n3\n'],
    ['a short root', 'log.example\n3\nAAAA\n'],
    ['a size with a leading zero', `log.example\n03\n${'A'.repeat(43)}=\n`],
    ['a size that no number holds', `log.example\n99999999999999999999\n${'A'.repeat(43)}=\n`],
    ['no origin', `\n3\n${'A'.repeat(43)}=\n`],
    ['an empty line after it', `log.example\n3\n${'A'.repeat(43)}=\n\n`],
  ])('with %s is none', (_, text) => expect(readCheckpointText(text)).toBeUndefined());

  it('that another key signed is not opened', () => {
    const note = signCheckpoint(checkpoint, [newSigner('log.example')]);
    expect(openCheckpoint(note, [verifierOf(signer)])).toEqual({ outcome: 'unknown_key' });
    expect(openCheckpoint(note.replace('20852163', '20852164'), [verifierOf(signer)])).toEqual({
      outcome: 'unknown_key',
    });
  });
});

function newSigner(name: string) {
  return { name, key: generateKeyPairSync('ed25519').privateKey };
}

function requireVerifier(text: string) {
  const verifier = readVerifier(text);
  if (!verifier) throw new Error('The verifier key of the test cannot be read.');
  return verifier;
}
