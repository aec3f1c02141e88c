/** Requests made of known parts, most of them damaged. The same seed makes the same requests. */
export interface FuzzParts {
  paths: string[];
  cookies: string[];
}

export function fuzzRequests(seed: number, parts: FuzzParts): () => Buffer {
  const random = randomOf(seed);
  const below = (count: number) => Math.floor(random() * count);
  const one = <T>(list: readonly T[]): T => list[below(list.length)] as T;
  const damaged = (bytes: Buffer): Buffer => {
    const at = below(bytes.length + 1);
    switch (below(5)) {
      case 0:
        return Buffer.concat([bytes.subarray(0, at), Buffer.from([below(256)]), bytes.subarray(at + 1)]);
      case 1:
        return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 1 + below(8))]);
      case 2:
        return Buffer.concat([bytes.subarray(0, at), Buffer.from(one(tokens), 'latin1'), bytes.subarray(at)]);
      case 3:
        return Buffer.concat([bytes.subarray(0, at), bytes.subarray(Math.max(0, at - below(20)))]);
      default:
        return bytes.subarray(0, at);
    }
  };
  const text = (of: string) => (random() < 0.3 ? damaged(Buffer.from(of, 'latin1')).toString('latin1') : of);
  return () => {
    const [type, content] = one(bodies);
    const method = one(methods);
    const body = method === 'GET' || method === 'HEAD' ? '' : text(content);
    const path = text(one(parts.paths)) + (random() < 0.3 ? `?${text(one(queries))}` : '');
    const lines = [
      `${method} ${path} HTTP/1.1`,
      `Host: ${random() < 0.7 ? 'localhost' : text(one(hosts))}`,
      ...(random() < 0.6 ? [`Cookie: ${text(one(parts.cookies))}`] : []),
      ...(random() < 0.4 ? [text(one(headers))] : []),
      ...(body
        ? [`Content-Type: ${text(type)}`, `Content-Length: ${Buffer.byteLength(body, 'latin1')}`]
        : []),
    ];
    const whole = Buffer.from(`${lines.join('\r\n')}\r\n\r\n${body}`, 'latin1');
    return random() < 0.1 ? damaged(whole) : whole;
  };
}

/** mulberry32. */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

const methods = [
  'GET',
  'GET',
  'GET',
  'POST',
  'POST',
  'POST',
  'HEAD',
  'OPTIONS',
  'PUT',
  'DELETE',
  'TRACE',
  'CONNECT',
];
const tokens = [
  '%',
  '%E4',
  '%00',
  '%2f',
  '//',
  '\\',
  '\0',
  '\r\n',
  '\t',
  ' ',
  '\xff',
  '@',
  '#',
  '?',
  '[',
  '..',
  '__proto__',
];
const hosts = [
  'a b',
  '',
  '1.2.3.999',
  'x:99999',
  'a%zz',
  'u:p@h',
  '[::1]',
  'xn--a',
  'localhost:80',
  'evil.example',
];
const queries = [
  'lang=de',
  'lang=%E4',
  'embed=1',
  's=x',
  'to=//evil.example',
  'source=%00',
  'limit=-1&cursor=x',
  'kiosk=1',
];
const headers = [
  'Authorization: Bearer jw_demo_key',
  'Accept: application/json',
  'Accept-Language: de;q=x,*',
  'Origin: null',
  'Referer: http://[',
  'X-Forwarded-For: a,b',
  'X-Forwarded-Host: a b',
  'Transfer-Encoding: chunked',
  'Expect: 100-continue',
  'Connection: Upgrade\r\nUpgrade: h2c',
  'If-None-Match: *',
  'Idempotency-Key: \x7f',
];
const bodies = [
  [
    'application/x-www-form-urlencoded',
    'email=a%40example.org&consent=product-news%3Aemail&form_version=x&lang=de',
  ],
  ['application/x-www-form-urlencoded', 'action=confirm&s=x&code=123456&__proto__=1&p:x:email=yes'],
  [
    'application/x-www-form-urlencoded',
    'email=admin%40example.org&password=demo-jawort&key=a&name=b&title=c',
  ],
  ['application/json', '{"purpose":"product-news","channel":"email","contact_points":["a@example.org"]}'],
  ['application/json', '{"contact_point":"a@example.org","how":"phone","__proto__":{"a":1}}'],
  ['text/csv', 'contact_point,purpose\r\na@example.org,product-news\r\n'],
  [
    'multipart/form-data; boundary=b',
    '--b\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\nx\r\n--b--\r\n',
  ],
] as const;
