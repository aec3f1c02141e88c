import { globSync } from 'node:fs';
import { type APIRequest, type APIRequestContext, expect, test } from '@playwright/test';
import { type Role, roles } from '#src/staff/roles.ts';
import { baseUrl } from '#tests/support/e2e.ts';
import { newMember, password } from './staff-visit.ts';

type Visitor = Role | 'nobody';

const everyone: Role[] = [...roles];
const legal: Role[] = ['admin', 'legal'];
const marketers: Role[] = ['admin', 'marketing'];
const supervisors: Role[] = ['admin', 'auditor'];
const filers: Role[] = ['admin', 'legal', 'agent'];
const provers: Role[] = ['admin', 'legal', 'auditor'];
const lookers: Role[] = ['admin', 'legal', 'agent', 'auditor'];

/** Who may read and who may post, written down a second time: what the table in routes.ts says is what is tested. */
const expected: [address: RegExp, read: Role[], act: Role[]][] = [
  [/^\/staff$/, everyone, []],
  [/^\/staff\/search$/, everyone, everyone],
  [/^\/staff\/account/, everyone, everyone],
  [/^\/staff\/people$/, supervisors, []],
  [/^\/staff\/people\/new$/, ['admin'], ['admin']],
  [/^\/staff\/people/, supervisors, ['admin']],
  [/^\/staff\/audit$/, supervisors, []],
  [/^\/staff\/(purposes|controllers)$/, everyone, []],
  [/^\/staff\/(purposes|controllers)\/new$/, legal, legal],
  [/^\/staff\/(purposes|controllers)/, everyone, legal],
  [/^\/staff\/texts$|^\/staff\/texts\/.*(print|mail|\.pdf)$/, everyone, []],
  [/^\/staff\/texts\/.*\/edit$/, legal, legal],
  [/^\/staff\/texts/, everyone, legal],
  [/^\/staff\/forms(\/.*\/(versions|shown|embed|paper|paper\.pdf|[^/]+\.svg))?$/, everyone, []],
  [/^\/staff\/forms\/(new$|.*\/edit$)/, marketers, marketers],
  [/^\/staff\/(forms\/\w+\/)?figures/, everyone, []],
  [/^\/staff\/forms/, everyone, marketers],
  [/^\/staff\/letters\/.*\.pdf$/, lookers, []],
  [/^\/staff\/letters/, lookers, ['admin', 'agent']],
  [/^\/staff\/keys/, [...supervisors, 'legal'], legal],
  [/^\/staff\/webhooks/, supervisors, ['admin']],
  [/^\/staff\/mails$/, ['admin', 'agent', 'auditor'], ['admin', 'agent']],
  [/^\/staff\/imports$/, lookers, []],
  [/^\/staff\/imports\/new$/, filers, filers],
  [/^\/staff\/imports/, lookers, filers],
  [/^\/staff\/exports\/7a$/, provers, provers],
  [/^\/staff\/decisions$/, provers, []],
  [/^\/staff\/customers$/, everyone, legal],
  [/^\/staff\/exports$/, ['admin', 'marketing', 'auditor'], ['admin', 'marketing']],
  [/^\/staff\/permissions$/, lookers, lookers],
  [/^\/staff\/permissions\/(expiry|[^/]+\/scan\/[^/]+)$/, lookers, []],
  [/^\/staff\/permissions\/[^/]+\/proof\//, provers, provers],
  [/^\/staff\/permissions\/(capture|.*\/attach$)/, ['admin', 'agent'], ['admin', 'agent']],
  [/^\/staff\/permissions/, lookers, ['admin', 'agent']],
];

/** The way in, and the way out. */
const open = /^\/staff\/(sign-in|sign-out|code|password|resume)/;

const samples: Record<string, string> = {
  '[table]': 'funnel',
  '[purpose]': 'product-news',
  '[channel]': 'email',
  '[locale]': 'de',
  '[way]': 'paper',
  '[point]': '01a20a99-f527-7455-a8e4-3fb566d4e392',
  '[id]': '01a20a99-f527-7455-a8e4-3fb566d4e392',
};

const addresses = globSync('src/pages/staff/**/*.{astro,ts}')
  .filter((file) => !/\/_/.test(file))
  .map((file) =>
    file
      .replace('src/pages', '')
      .replace(/\.(astro|ts)$/, '')
      .replace(/\/index$/, '')
      .replace('purposes/[key]', 'purposes/product-news')
      .replace('controllers/[key]', 'controllers/muster-werkzeuge')
      .replace('forms/[key]', 'forms/newsletter')
      .replace(/\[\w+\]/g, (name) => samples[name] ?? 'x'),
  )
  .filter((address) => !open.test(address));

/** Signs in without a browser. */
async function visitor(playwright: { request: APIRequest }, who: Visitor): Promise<APIRequestContext> {
  const request = await playwright.request.newContext({ baseURL: baseUrl });
  if (who === 'nobody') return request;
  const form = { email: await newMember(who), password };
  const answer = await request.post('/staff/sign-in', { form, maxRedirects: 0 });
  expect(answer.status(), who).toBe(303);
  return request;
}

test.describe('every address of the desks', () => {
  for (const who of ['nobody', ...roles] as Visitor[]) {
    test(`is open to ${who} as far as the role goes, and no further`, async ({ playwright }) => {
      test.slow();
      const request = await visitor(playwright, who);
      const wrong: string[] = [];
      for (const address of addresses) {
        const [, read, act] = expected.find(([pattern]) => pattern.test(address)) ?? [];
        for (const [method, allowed] of [
          ['GET', read],
          ['POST', act],
        ] as const) {
          const answer = await request.fetch(address, {
            method,
            maxRedirects: 0,
            form: method === 'POST' ? {} : undefined,
          });
          const found = `${answer.status()} ${answer.headers().location ?? ''}`.trim();
          if (!isRight(who, answer.status(), found, allowed)) wrong.push(`${method} ${address}: ${found}`);
        }
      }
      expect(wrong).toEqual([]);
      await request.dispose();
    });
  }

  test('is in the table of this test', () => {
    expect(addresses.length).toBeGreaterThan(15);
    expect(addresses.filter((address) => !expected.some(([pattern]) => pattern.test(address)))).toEqual([]);
  });
});

function isRight(who: Visitor, status: number, found: string, allowed: Role[] | undefined): boolean {
  if (!allowed) return false;
  const signIn = found.startsWith('303 /staff/sign-in?to=');
  if (allowed.length === 0) return status === 405;
  if (who === 'nobody') return signIn;
  if (!allowed.includes(who)) return status === 403;
  return status !== 403 && status < 500 && !signIn;
}
