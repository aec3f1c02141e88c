/** Reads the imports of every file and finds what breaks "Who may import whom" of src/docs/architecture.md. */
import ts from 'typescript';
import { circlesIn, type Graph } from './circles.ts';

export type SourceFile = { path: string; text: string };

/** From top to bottom. A folder may import from its own row and from every row below it. */
const rows = [
  ['server', 'cli'],
  ['demo', 'jobs'],
  ['api', 'pages', 'middleware', 'env.d'],
  ['actions'],
  ['desk'],
  ['components'],
  ['layouts'],
  ['http'],
  ['decisions', 'dossiers', 'exchange', 'figures', 'receipts', 'verifier'],
  ['permissions'],
  ['signups'],
  ['forms'],
  ['consent-texts', 'evidence'],
  [
    'app',
    'people',
    'ledger',
    'log',
    'witness',
    'mail',
    'letters',
    'staff',
    'purposes',
    'controllers',
    'limits',
    'embed',
    'docs',
    'sightings',
  ],
  ['db', 'emails', 'links', 'i18n', 'routes', 'secrets', 'ids', 'styles'],
];

/** Packages that only some folders may import. */
const packageHomes: { name: RegExp; homes: string[] }[] = [
  { name: /^(sqlite3|pg|pg-cursor)$/, homes: ['db'] },
  { name: /^lucia$/, homes: ['staff'] },
  { name: /^(resend|nodemailer)$/, homes: ['mail'] },
  {
    name: /^astro([:/]|$)/,
    homes: ['pages', 'components', 'layouts', 'middleware', 'env.d', 'http', 'desk'],
  },
];

/** Code that only some files may contain. */
const codeHomes: { code: RegExp; homes: RegExp; why: string }[] = [
  { code: /\bconsole\.\w+/, homes: /^src\/(cli\/|server\/console-to-log\.ts)/, why: 'the log is app.log' },
  {
    code: /\bcookies\.set\(|['"]set-cookie['"]/i,
    homes: /^src\/((pages\/)?staff\/|desk\/staff-guard)/,
    why: 'people get no cookie',
  },
];

/** One sentence for each fault; an empty list when all is well. */
export function faultsOf(files: SourceFile[]): string[] {
  const product = files.filter(({ path }) => !path.startsWith('tests/'));
  const imports = product.flatMap(importsOf);
  return [
    ...imports.flatMap(({ to, ...found }) => (to ? faultsOfStep({ to, ...found }) : faultsOfPackage(found))),
    ...circlesIn(graphOf(imports, folderOf)).map((circle) => `a circle of folders: ${circle}`),
    ...circlesIn(graphOf(imports, (path) => path)).map((circle) => `a circle of files: ${circle}`),
    ...product.flatMap(faultsOfCode),
    ...files.flatMap(importsOf).flatMap(faultsOfSpelling),
  ];
}

interface Import {
  /** The file that imports. */
  from: string;
  /** As it is written. */
  name: string;
  /** The file that is imported; `undefined` for a package. */
  to: string | undefined;
}

/** All of them: types, re-exports and `import()` included. */
function importsOf({ path, text }: SourceFile): Import[] {
  const code = path.endsWith('.astro') ? (/^---\n(.*?)\n---/s.exec(text)?.[1] ?? '') : text;
  const { importedFiles } = ts.preProcessFile(code);
  return importedFiles.map(({ fileName: name }) => ({ from: path, name, to: fileOf(path, name) }));
}

function fileOf(from: string, name: string): string | undefined {
  if (name.startsWith('#')) return name.slice(1);
  if (!name.startsWith('.')) return undefined;
  return decodeURIComponent(new URL(name, `file:///${encodeURI(from)}`).pathname.slice(1));
}

/** The folder below `src`, or for a file that lies there alone its own name; otherwise the folder at the top. */
function folderOf(path: string): string {
  const [top = '', name = ''] = path.split('/');
  return top === 'src' ? name.replace(/\.\w+$/, '') : top;
}

function graphOf(imports: Import[], nodeOf: (path: string) => string): Graph {
  const graph: Graph = new Map();
  for (const { from, to } of imports) {
    if (!to || nodeOf(from) === nodeOf(to)) continue;
    const next = graph.get(nodeOf(from)) ?? new Set();
    graph.set(nodeOf(from), next.add(nodeOf(to)));
  }
  return graph;
}

function faultsOfStep({ from, name, to }: Import & { to: string }): string[] {
  const [above, below] = [folderOf(from), folderOf(to)];
  if (below === 'tests') return [`${from} imports ${name}: the product does without its tests`];
  const [rowAbove, rowBelow] = [rowOf(above), rowOf(below)];
  if (rowAbove < 0 || rowBelow < 0)
    return [`${rowAbove < 0 ? above : below} stands in no row of the import table`];
  return rowAbove > rowBelow ? [`${from} imports ${name}: ${above} lies below ${below}`] : [];
}

function rowOf(folder: string): number {
  return rows.findIndex((row) => row.includes(folder));
}

function faultsOfPackage({ from, name }: Pick<Import, 'from' | 'name'>): string[] {
  return packageHomes
    .filter((rule) => rule.name.test(name) && !rule.homes.includes(folderOf(from)))
    .map(({ homes }) => `${from} imports ${name}, which is for ${homes.join(', ')} only`);
}

function faultsOfCode({ path, text }: SourceFile): string[] {
  return codeHomes
    .filter(({ code, homes }) => code.test(text) && !homes.test(path))
    .map(({ code, why }) => `${path} says ${code.exec(text)?.[0]}: ${why}`);
}

function faultsOfSpelling({ from, name, to }: Import): string[] {
  if (!name.startsWith('../') || !to || folderOf(to) === folderOf(from)) return [];
  return [`${from} imports ${name}: other folders are reached by their # name`];
}
