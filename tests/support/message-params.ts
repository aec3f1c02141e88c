/** Writes src/i18n/message-params.ts: which values each message of the default language takes. */
import { globSync } from 'node:fs';
import { IntlMessageFormat } from 'intl-messageformat';
import { readCatalogue } from '#src/i18n/catalogue.ts';
import { defaultLocale } from '#src/i18n/locales.ts';

type Kind = 'Value' | 'number' | 'string';
type Elements = ReturnType<IntlMessageFormat['getAst']>;

/** The values of a message by name: `number` where they choose a plural, `string` where they choose a case. */
export function paramsOf(message: string): Map<string, Kind> {
  const params = new Map<string, Kind>();
  collect(new IntlMessageFormat(message, defaultLocale, undefined, { ignoreTag: true }).getAst(), params);
  return new Map([...params].sort(([a], [b]) => a.localeCompare(b)));
}

function collect(elements: Elements, params: Map<string, Kind>): void {
  for (const element of elements) {
    if (element.type === 0 || element.type === 7 || element.type === 8) continue;
    const kind = kinds[element.type] ?? 'Value';
    if (kind !== 'Value' || !params.has(element.value)) params.set(element.value, kind);
    if ('options' in element)
      for (const option of Object.values(element.options)) collect(option.value, params);
  }
}

/** By the number that the parser gives to a kind of element: 2 is a number, 5 a select, 6 a plural. */
const kinds: Record<number, Kind> = { 2: 'number', 5: 'string', 6: 'number' };

/** The text of src/i18n/message-params.ts. */
export function messageParamsFile(): string {
  const surfaces = globSync('**/*.json', { cwd: `src/i18n/${defaultLocale}`, exclude: ['locale.json'] })
    .map((file) => file.replaceAll('\\', '/'))
    .sort();
  const messages = [...readCatalogue(defaultLocale)].sort(([a], [b]) => (a < b ? -1 : 1));
  const lines = messages.map(([key, message]) => [key, [...paramsOf(message)]] as const);
  const names = surfaces.map((surface) =>
    surface.replace(/\.json$|\W(\w)/g, (_, next = '') => next.toUpperCase()),
  );
  return `${[
    '// Generated from the messages of the default language by the test of the messages with `-u` (CONTRIBUTING.md).',
    '// biome-ignore-all lint/style/useImportType: TypeScript takes no import attribute on a type import.',
    ...surfaces.map(
      (surface, at) => `import ${names[at]} from './${defaultLocale}/${surface}' with { type: 'json' };`,
    ),
    '',
    `export type SourceMessages = ${names.map((name) => `typeof ${name}`).join(' &\n  ')};`,
    '',
    '/** The values that a message takes. One without values is not in here. */',
    'export interface MessageParams<Value> {',
    ...lines.filter(([, params]) => params.length > 0).map(([key, params]) => lineOf(key, params)),
    '}',
  ].join('\n')}\n`;
}

function lineOf(key: string, params: readonly [string, Kind][]): string {
  const parts = params.map(([name, kind]) => `${name}: ${kind}`);
  const line = `  '${key}': { ${parts.join('; ')} };`;
  return line.length <= 110
    ? line
    : [`  '${key}': {`, ...parts.map((part) => `    ${part};`), '  };'].join('\n');
}
