import { createPrivateKey } from 'node:crypto';
import { CompactSign, calculateJwkThumbprint } from 'jose';
import { describe, expect, it } from 'vitest';
import { fromBase64Url, textOf } from '#src/verifier/bytes.ts';
import { canonicalJson } from '#src/verifier/canonical-json.ts';
import { isSignedBy, readJws } from '#src/verifier/jws.ts';

describe('RFC 8037, Appendix A', () => {
  const secret = 'nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A';
  const key = { kty: 'OKP', crv: 'Ed25519', x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo' };
  const signed =
    'eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc.hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg';

  it('A.3: the thumbprint that keys are called by', async () => {
    expect(await calculateJwkThumbprint(key)).toBe('kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k');
  });

  it('A.4: signing gives the signature of the appendix', async () => {
    const privateKey = createPrivateKey({ format: 'jwk', key: { ...key, d: secret } });
    const payload = new TextEncoder().encode('Example of Ed25519 signing');
    const jws = await new CompactSign(payload).setProtectedHeader({ alg: 'EdDSA' }).sign(privateKey);
    expect(jws).toBe(signed);
  });

  it('A.5: the signature is accepted', async () => {
    const jws = requireJws(signed);
    expect(textOf(jws.payload)).toBe('Example of Ed25519 signing');
    expect(await isSignedBy(jws, key)).toBe(true);
  });

  it.each([
    ['another payload', signed.replace('RXhhbXBs', 'RXhhbXBt')],
    ['another signature', signed.replace('hgyY0il', 'hgyY0im')],
    ['a shorter signature', signed.slice(0, -4)],
    ['no algorithm', signed.replace('eyJhbGciOiJFZERTQSJ9', base64Url('{"alg":"none"}'))],
    ['an algorithm with a secret', signed.replace('eyJhbGciOiJFZERTQSJ9', base64Url('{"alg":"HS256"}'))],
    [
      'an extension that must be understood',
      signed.replace('eyJhbGciOiJFZERTQSJ9', base64Url('{"alg":"EdDSA","crit":["b64"]}')),
    ],
  ])('refuses it with %s', async (_, text) => {
    expect(await isSignedBy(requireJws(text), key)).toBe(false);
  });

  it('refuses it with a key of another kind', async () => {
    expect(await isSignedBy(requireJws(signed), { ...key, crv: 'X25519' })).toBe(false);
    expect(await isSignedBy(requireJws(signed), { ...key, x: key.x.slice(0, -2) })).toBe(false);
  });
});

describe('RFC 8785, section 3.2', () => {
  it('writes the example as the RFC does', () => {
    const example = JSON.parse(
      String.raw`{"numbers":[333333333.33333329,1E30,4.50,2e-3,0.000000000000000000000000001],
        "string":"\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/","literals":[null,true,false]}`,
    );
    expect(canonicalJson(example)).toBe(
      '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}',
    );
  });

  it('sorts names by their UTF-16 code units', () => {
    const names = { '\u20ac': 1, '\r': 2, '\ufb33': 3, '1': 4, '\ud83d\ude00': 5, '\u0080': 6, '\u00f6': 7 };
    const sorted = [...canonicalJson(names).matchAll(/:(\d)/g)].map(([, value]) => Number(value));
    expect(sorted).toEqual([2, 4, 6, 7, 1, 5, 3]);
  });
});

function requireJws(text: string) {
  const jws = readJws(text);
  if (!jws) throw new Error('The JWS of the test cannot be read.');
  return jws;
}

function base64Url(text: string): string {
  expect(fromBase64Url(Buffer.from(text).toString('base64url'))).toBeDefined();
  return Buffer.from(text).toString('base64url');
}
