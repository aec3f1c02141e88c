/** Reads imports and finds what goes against "Who may import whom" in the README. */
import ts from 'typescript';

export type SourceFile = { path: string; text: string };

/** From top to bottom. What stands in a row may import its own row and every row below it. */
const rows = [
  ['server', 'cli', 'demo'],
  ['api'],
  ['pages', 'components', 'layouts', 'middleware', 'env.d', 'http', 'actions', 'desk'],
  ['decisions', 'dossiers', 'exchange', 'figures'],
  ['permissions'],
  ['signups'],
  ['forms'],
  ['consent-texts', 'evidence'],
  [
    'app',
    'people',
    'ledger',
    'mail',
    'letters',
    'staff',
    'purposes',
    'controllers',
    'limits',
    'embed',
    'sightings',
  ],
  [
    'db',
    'emails',
    'links',
    'i18n',
    'routes',
    'secrets',
    'ids',
    'styles',
  ],
];

const packagesOfOne: { name: RegExp; homes: string[] }[] = [
  { name: /^(sqlite3|pg|pg-cursor)$/, homes: ['db'] },
  { name: /^lucia$/, homes: ['staff'] },
  { name: /^(resend|nodemailer)$/, homes: ['mail'] },
  { name: /^astro([:/]|$)/, homes: ['pages', 'components', 'layouts', 'middleware', 'env.d', 'http', 'desk'] },
];

const wordsOfOne: { words: RegExp; homes: RegExp; why: string }[] = [
  { words: /\bconsole\.\w+/, homes: /^src\/(cli\/|server\/console-to-log\.ts)/, why: 'the log is app.log' },
  {
    words: /\bcookies\.set\(|['"]set-cookie['"]/i,
    homes: /^src\/((pages\/)?staff\/|desk\/staff-guard)/,
    why: 'people get no cookie',
  },
];

/** One sentence for each fault; none when the house is in order. */
export function faultsOf(files: SourceFile[]): string[] {
  const steps = files.filter(({ path }) => !path.startsWith('tests/')).flatMap(stepsOf);
  return [
    ...steps.flatMap(faultsOfStep),
    ...cyclesAmong(steps.filter(({ to }) => to)),
    ...files.filter(({ path }) => !path.startsWith('tests/')).flatMap(faultsOfWords),
    ...files.flatMap(climbingImports),
  ];
}

type Step = { file: string; name: string; from: string; to: string | undefined };

function stepsOf({ path, text }: SourceFile): Step[] {
  const from = unitOf(path);
  return importsOf({ path, text })
    .map((name) => ({ file: path, name, from, to: unitOfImport(path, name) }))
    .filter(({ to }) => to !== from);
}

/** The folder that a file belongs to, or for a file that stands alone its own name. */
function unitOf(path: string): string {
  const [top = '', name = ''] = path.split('/');
  return top === 'src' ? name.replace(/\.\w+$/, '') : top;
}

function unitOfImport(path: string, name: string): string | undefined {
  if (name.startsWith('#')) return unitOf(name.slice(1));
  if (name.startsWith('.')) return unitOf(new URL(name, `file:///${path}`).pathname.slice(1));
  return undefined;
}

function importsOf({ path, text }: SourceFile): string[] {
  const code = path.endsWith('.astro') ? (/^---\n(.*?)\n---/s.exec(text)?.[1] ?? '') : text;
  return ts.preProcessFile(code).importedFiles.map(({ fileName }) => fileName);
}

function faultsOfStep({ file, name, from, to }: Step): string[] {
  if (!to) return faultsOfPackage(file, name, from);
  const [above, below] = [rowOf(from), rowOf(to)];
  if (to === 'tests') return [`${file} imports ${name}: the product does without its tests`];
  if (above < 0 || below < 0) return [`${above < 0 ? from : to} stands in no row of the import table`];
  return above > below ? [`${file} imports ${name}: ${from} lies below ${to}`] : [];
}

function rowOf(unit: string): number {
  return rows.findIndex((row) => row.includes(unit));
}

function faultsOfPackage(file: string, name: string, from: string): string[] {
  return packagesOfOne
    .filter((rule) => rule.name.test(name) && !rule.homes.includes(from))
    .map(({ homes }) => `${file} imports ${name}, which is for ${homes.join(', ')} only`);
}

/** Folders that reach themselves again through what they import. */
function cyclesAmong(steps: Step[]): string[] {
  const reached = (from: string) => new Set(steps.filter((step) => step.from === from).map(({ to }) => to));
  const pairs = [...new Set(steps.map(({ from }) => from))].flatMap((unit) =>
    pathBack(unit, unit, reached, new Set()),
  );
  return pairs.map((way) => `a cycle of folders: ${way}`);
}

function pathBack(
  start: string,
  at: string,
  reached: (from: string) => Set<string | undefined>,
  seen: Set<string>,
): string[] {
  for (const next of reached(at)) {
    if (next === start) return [`${at} → ${start}`];
    if (!next || seen.has(next)) continue;
    seen.add(next);
    const [rest] = pathBack(start, next, reached, seen);
    if (rest) return [at === start ? `${start} → ${rest}` : `${at} → ${rest}`];
  }
  return [];
}

function faultsOfWords({ path, text }: SourceFile): string[] {
  return wordsOfOne
    .filter(({ words, homes }) => words.test(text) && !homes.test(path))
    .map(({ words, why }) => `${path} says ${words.exec(text)?.[0]}: ${why}`);
}

function climbingImports(file: SourceFile): string[] {
  return importsOf(file)
    .filter((name) => name.startsWith('../') && unitOfImport(file.path, name) !== unitOf(file.path))
    .map((name) => `${file.path} imports ${name}: other folders are reached by their # name`);
}
