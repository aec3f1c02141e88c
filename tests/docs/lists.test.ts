import { globSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readConfig } from '#src/app/config.ts';
import { rules } from '#src/consent-texts/wording-check/rules.ts';
import { scopes } from '#src/exchange/api-keys.ts';
import { webhookEvents } from '#src/exchange/webhooks.ts';
import { translator } from '#src/i18n/translate.ts';
import { firstCells, guide } from './read-guides.ts';

const source = (pattern: string) =>
  globSync(pattern)
    .map((path) => readFileSync(path, 'utf8'))
    .join('\n');

describe('what the guides list', () => {
  it('has every variable, and no other', () => {
    const schemas = [
      /environmentSchema = z\.object\(\{([\s\S]*?)\n\}\);/.exec(source('src/app/config.ts')),
      /watcherVariables = \{([\s\S]*?)\n\};/.exec(source('src/app/watcher-config.ts')),
    ];
    const schema = schemas.map((found) => found?.[1] ?? '').join('\n');
    const names = [...schema.matchAll(/^ {2}([A-Z_]+):/gm)].map(([, name]) => name);
    expect(names.length).toBeGreaterThan(15);
    expect(firstCells('variables.md').toSorted()).toEqual(names.toSorted());
  });

  it('has the defaults that hold', () => {
    const { text } = guide('variables.md');
    const read = readConfig({});
    const told = (name: string) => new RegExp(`^\\| \`${name}\` \\| \`([^\`]+)\``, 'm').exec(text)?.[1];
    expect(read.config).toMatchObject({
      databaseUrl: told('DATABASE_URL'),
      port: Number(told('PORT')),
      trustProxy: Number(told('TRUST_PROXY')),
      confirmMailsPerHour: Number(told('CONFIRM_MAILS_PER_HOUR')),
      limits: told('LIMITS') === 'on',
      logLevel: told('LOG_LEVEL'),
    });
    expect(read.config?.mail).toMatchObject({ transport: told('MAIL_TRANSPORT'), dir: told('MAIL_DIR') });
  });

  it('names every secret that may lie in a file', () => {
    const listed = /const secrets = \[([^\]]*)\]/.exec(source('src/app/config.ts'))?.[1] ?? '';
    const names = [...listed.matchAll(/'(\w+)'/g)].map(([, name]) => name);
    const { text } = guide('variables.md');
    const [, told = ''] = /## Secrets in files\n[\s\S]*?\n((?:`\w+` ?)+)\n/.exec(text) ?? [];
    expect(told.replaceAll('`', '').split(' ').toSorted()).toEqual(names.toSorted());
  });

  it('has every event of a webhook, and no other', () => {
    expect(firstCells('webhooks.md', 'Events')).toEqual([...webhookEvents]);
  });

  it('has every scope', () => {
    const [, told = ''] = /\*\*Scopes\*\*: ((?:`\w+` ?)+)\./.exec(guide('developers.md').text) ?? [];
    expect(told.replaceAll('`', '').split(' ')).toEqual([...scopes]);
  });

  it('has every code that the API answers, and no other', () => {
    expect(firstCells('errors.md').toSorted()).toEqual([...codesOfTheApi()].toSorted());
  });

  it('has every status of a problem', () => {
    const titles =
      /const titles: Record<Status, string> = \{([^}]*)\}/.exec(source('src/api/problem.ts'))?.[1] ?? '';
    const statuses = [...titles.matchAll(/(\d{3}):/g)].map(([, status]) => status);
    const told = [...guide('errors.md').text.matchAll(/^\| (\d{3}) \|/gm)].map(([, status]) => status);
    expect(told).toEqual(statuses);
  });

  it.each(['en', 'de'] as const)('has every rule of the wording check, in %s', (locale) => {
    const path = locale === 'en' ? 'wording-rules.md' : 'wording-rules.de.md';
    const rows = [...guide(path).text.matchAll(/^\| ([WTN]\d\d) \| (\S+) \| (\S+) \| (.*) \| (.*) \|$/gm)];
    expect(rows.map(([, id, , status, title, law]) => [id, status, title, law])).toEqual(
      rules.map((rule) => [rule.id, rule.status, rule.title[locale], rule.law[locale]]),
    );
    const severities = new Map(rows.map(([, id, severity]) => [id, severity]));
    expect(new Set(rules.map(({ id, severity }) => `${severity} ${severities.get(id)}`)).size).toBe(3);
    const legal = guide(locale === 'en' ? 'legal.md' : 'legal.de.md').text;
    // The others look for text in disguise and at notices.
    expect(legal).toContain(`[${rules.filter(({ id }) => id.startsWith('W')).length} `);
  });

  it('names only metrics and log entries that are there', () => {
    const { text } = guide('operators.md');
    const metrics = text.match(/`jawort_\w+`/g) ?? [];
    expect(metrics.length).toBeGreaterThan(4);
    for (const name of metrics) expect(source('src/server/metrics/*.ts')).toContain(`'${name.slice(1, -1)}'`);
    const code = source('src/**/*.ts');
    for (const name of text.match(/`(?:mail|form)\.\w+`/g) ?? [])
      expect(code).toContain(`'${name.slice(1, -1)}'`);
  });

  it('calls the buttons of the pages as they are called', () => {
    for (const [path, locale] of [
      ['people.md', 'en'],
      ['people.de.md', 'de'],
    ] as const) {
      const t = translator(locale);
      for (const label of [t('confirm.yes'), t('confirm.no')]) {
        expect(guide(path).text).toContain(`**${label}**`);
      }
    }
  });
});

/** The codes of `errors[]`, from the files that make them. */
function codesOfTheApi(): Set<string> {
  const files = [
    'src/api/*.ts',
    'src/permissions/capture-faults.ts',
    'src/permissions/capture-consent.ts',
    'src/permissions/notice-faults.ts',
    'src/permissions/report-suppressions.ts',
    'src/exchange/import-columns.ts',
    'src/exchange/import-rows.ts',
    'src/exchange/export-contactable.ts',
    'src/forms/parse-submission.ts',
  ];
  const text = source(`{${files.join(',')}}`);
  const given = [
    ...text.matchAll(/\bcode: (?!'custom')(?:gone \? )?'(\w+)'(?: : '(\w+)')?/g),
    ...text.matchAll(/\b(?:refuse|fault|failed)\(\s*(?:'[\w/]+',\s*)?'(\w+)',/g),
    ...text.matchAll(/^ {2}(before_text|after_text): '/gm),
    ...source('src/decisions/scrub/!(others).ts').matchAll(/new TableFault\('(\w+)'/g),
    ...(/ContactPointFault =([^;]*);/.exec(source('src/people/*.ts'))?.[1] ?? '').matchAll(/'(\w+)'/g),
    ...(/WebhookFault = ([^;]*);/.exec(source('src/exchange/*.ts'))?.[1] ?? '').matchAll(/'(\w+)'/g),
  ].flatMap(([, ...codes]) => codes.filter((code) => code !== undefined));
  // What zod says by itself of values that the schemas refuse.
  const zod = ['invalid_type', 'invalid_value', 'invalid_format', 'invalid_union', 'too_big', 'too_small'];
  return new Set([...given, ...zod]);
}
