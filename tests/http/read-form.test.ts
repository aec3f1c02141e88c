import { describe, expect, it } from 'vitest';
import { readForm } from '#src/http/read-form.ts';

const urlEncoded = 'application/x-www-form-urlencoded';

describe('readForm', () => {
  it('reads fields as browsers send them, repeated ones in their order', async () => {
    expect(await read('email=a%2Bb%40example.org&consent=x&consent=y&city=Bad+Homburg&empty=')).toEqual({
      email: ['a+b@example.org'],
      consent: ['x', 'y'],
      city: ['Bad Homburg'],
      empty: [''],
    });
  });

  it('reads multipart forms, as mail providers send them', async () => {
    const form = new FormData();
    form.set('List-Unsubscribe', 'One-Click');
    expect(await readForm(new Request('http://x/', { method: 'POST', body: form }))).toEqual({
      'List-Unsubscribe': ['One-Click'],
    });
  });

  it('takes an empty body for an empty form', async () => {
    expect(await readForm(new Request('http://x/', { method: 'POST' }))).toEqual({});
  });

  it('keeps every name an ordinary name', async () => {
    const fields = await read('__proto__=1&constructor=2');
    expect(Object.keys(fields)).toEqual(['__proto__', 'constructor']);
  });

  it('keeps an equals sign in a value', async () => {
    expect(await read('s=a=b==')).toEqual({ s: ['a=b=='] });
  });

  it('refuses broken percent-encoding and what is not UTF-8', async () => {
    await expect(read('email=%zz')).rejects.toThrow('400');
    await expect(read('email=%ff')).rejects.toThrow('400');
    await expect(read('email=%ED%A0%80')).rejects.toThrow('400');
    await expect(readBytes(new Uint8Array([0x61, 0x3d, 0xff]), urlEncoded)).rejects.toThrow('400');
  });

  it('refuses a multipart body without its parts, and files', async () => {
    await expect(read('x', 'multipart/form-data; boundary=y')).rejects.toThrow('400');
    await expect(read('x', 'multipart/form-data')).rejects.toThrow('400');
    const form = new FormData();
    form.set('email', new Blob(['x']), 'x.txt');
    await expect(readForm(new Request('http://x/', { method: 'POST', body: form }))).rejects.toThrow('415');
  });

  it('refuses other formats', async () => {
    await expect(read('{}', 'application/json')).rejects.toThrow('415');
    await expect(read('x', 'text/plain')).rejects.toThrow('415');
  });

  it('refuses more than a form can be', async () => {
    expect(await read(`a=${'x'.repeat(60_000)}`)).toHaveProperty('a');
    await expect(read(`a=${'x'.repeat(66_000)}`)).rejects.toThrow('413');
  });

  it('says the same when the adapter stops reading first', async () => {
    const body = (async function* () {
      yield new TextEncoder().encode('a=');
      throw new Error('Body size limit exceeded: received more than 1048576 bytes');
    })();
    const options = { method: 'POST', body, duplex: 'half', headers: { 'Content-Type': urlEncoded } };
    await expect(readForm(new Request('http://x/', options as unknown as RequestInit))).rejects.toThrow(
      '413',
    );
  });
});

function read(body: string, type = urlEncoded) {
  return readBytes(new TextEncoder().encode(body), type);
}

function readBytes(body: Uint8Array<ArrayBuffer>, type: string) {
  return readForm(new Request('http://x/', { method: 'POST', body, headers: { 'Content-Type': type } }));
}
