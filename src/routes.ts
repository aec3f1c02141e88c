/**
 * Every page once: its address, who may read it and who may post to it. A role of the desks does by its abilities
 * (`staff/roles.ts`).
 *
 * The guard of the desks, their navigation, the methods that a page answers to and the links in pages and mails come
 * from this table. A test compares it with the files in `pages/`.
 */
export const pages = {
  home: page('/', 'anyone', 'nobody'),
  form: page('/f/[form]', 'anyone', 'anyone'),
  formSent: page('/f/[form]/sent', 'anyone', 'anyone'),
  /** What a poster or a QR code leads to. */
  shortLink: page('/k/[code]', 'anyone', 'nobody'),
  confirm: page('/confirm/[token]', 'anyone', 'anyone'),
  preferences: page('/p/[link]', 'anyone', 'anyone'),
  receipt: page('/p/[link]/receipts/[receipt]', 'anyone', 'nobody'),
  /** Where the receipt was in earlier versions: leads to the page, which has one a permission. */
  formerReceipt: page('/p/[link]/receipt.json', 'anyone', 'nobody'),
  preferencesRequest: page('/preferences', 'anyone', 'anyone'),
  preferencesSent: page('/preferences/sent', 'anyone', 'nobody'),
  unsubscribe: page('/u/[link]', 'anyone', 'anyone'),
  source: page('/source', 'anyone', 'nobody'),
  sourceArchive: page('/source/jawort.tar.gz', 'anyone', 'nobody'),
  licence: page('/source/licence.txt', 'anyone', 'nobody'),
  log: page('/log', 'anyone', 'nobody'),
  verify: page('/verify', 'anyone', 'nobody'),
  theme: page('/theme.css', 'anyone', 'nobody'),
  docs: page('/docs', 'anyone', 'nobody'),
  guide: page('/docs/[guide]', 'anyone', 'nobody'),
  decisionRecord: page('/docs/decisions/[record]', 'anyone', 'nobody'),

  demo: page('/demo', 'anyone', 'nobody'),
  demoEmbed: page('/demo/embed', 'anyone', 'nobody'),
  demoMailbox: page('/demo/mailbox', 'anyone', 'nobody'),
  demoMail: page('/demo/mailbox/[id]', 'anyone', 'nobody'),
  demoMailHtml: page('/demo/mailbox/[id]/html', 'anyone', 'nobody'),
  /** The gallery of the desk kit. */
  demoDesk: page('/demo/desk', 'anyone', 'nobody'),
  demoScreens: page('/demo/screens', 'anyone', 'nobody'),
  demoSampleMail: page('/demo/screens/mails/[id]', 'anyone', 'nobody'),
  demoSampleMailHtml: page('/demo/screens/mails/[id]/html', 'anyone', 'nobody'),
  demoScreen: page('/demo/screens/[screen]', 'anyone', 'nobody'),

  staff: page('/staff', 'account.change', 'nobody'),
  /** Also finds people by their address, so it is a POST. */
  staffSearch: page('/staff/search', 'search.read', 'search.read'),
  staffSignIn: page('/staff/sign-in', 'anyone', 'anyone'),
  staffCode: page('/staff/code', 'anyone', 'anyone'),
  staffSignOut: page('/staff/sign-out', 'anyone', 'account.change'),
  staffResume: page('/staff/resume', 'anyone', 'nobody'),
  staffPasswordRequest: page('/staff/password', 'anyone', 'anyone'),
  staffPassword: page('/staff/password/[token]', 'anyone', 'anyone'),
  staffAccount: page('/staff/account', 'account.change', 'account.change'),
  staffTwoFactor: page('/staff/account/two-factor', 'account.change', 'account.change'),
  staffMembers: page('/staff/people', 'staff.read', 'nobody'),
  staffNewMember: page('/staff/people/new', 'staff.change', 'staff.change'),
  staffMember: page('/staff/people/[id]', 'staff.read', 'staff.change'),
  staffAudit: page('/staff/audit', 'audit.read', 'nobody'),

  staffPurposes: page('/staff/purposes', 'purposes.read', 'nobody'),
  staffNewPurpose: page('/staff/purposes/new', 'purposes.write', 'purposes.write'),
  staffPurpose: page('/staff/purposes/[key]', 'purposes.read', 'purposes.write'),
  staffControllers: page('/staff/controllers', 'purposes.read', 'nobody'),
  staffNewController: page('/staff/controllers/new', 'purposes.write', 'purposes.write'),
  staffController: page('/staff/controllers/[key]', 'purposes.read', 'purposes.write'),

  /** What legal has approved for advertising to existing customers. */
  staffCustomers: page('/staff/customers', 'customers.read', 'customers.write'),

  staffTexts: page('/staff/texts', 'texts.read', 'nobody'),
  /** The findings for what is being written; saves nothing. */
  staffTextCheck: page('/staff/texts/check', 'texts.read', 'texts.write'),
  staffTextsPrint: page('/staff/texts/print', 'texts.read', 'nobody'),
  staffTextsPdf: page('/staff/texts/live.pdf', 'texts.read', 'nobody'),
  staffText: page('/staff/texts/[purpose]/[channel]/[locale]', 'texts.read', 'texts.write'),
  staffTextEdit: page('/staff/texts/[purpose]/[channel]/[locale]/edit', 'texts.write', 'texts.write'),
  staffTextReview: page('/staff/texts/[purpose]/[channel]/[locale]/review', 'texts.read', 'texts.write'),
  staffTextAffected: page('/staff/texts/[purpose]/[channel]/[locale]/affected', 'texts.read', 'texts.write'),
  staffTextPrint: page('/staff/texts/[purpose]/[channel]/[locale]/print', 'texts.read', 'nobody'),
  staffTextPdf: page('/staff/texts/[purpose]/[channel]/[locale]/history.pdf', 'texts.read', 'nobody'),
  staffTextMail: page('/staff/texts/[purpose]/[channel]/[locale]/mail', 'texts.read', 'nobody'),

  staffFigures: page('/staff/figures', 'dashboard.read', 'nobody'),
  staffFiguresCsv: page('/staff/figures/[table].csv', 'dashboard.read', 'nobody'),
  staffForms: page('/staff/forms', 'forms.read', 'nobody'),
  staffNewForm: page('/staff/forms/new', 'forms.write', 'forms.write'),
  staffForm: page('/staff/forms/[key]', 'forms.read', 'forms.write'),
  staffFormEdit: page('/staff/forms/[key]/edit', 'forms.write', 'forms.write'),
  staffFormPreview: page('/staff/forms/[key]/preview', 'forms.read', 'forms.write'),
  staffFormVersions: page('/staff/forms/[key]/versions', 'forms.read', 'nobody'),
  staffFormShown: page('/staff/forms/[key]/shown', 'forms.read', 'nobody'),
  staffFormEmbed: page('/staff/forms/[key]/embed', 'forms.read', 'nobody'),
  staffFormRunning: page('/staff/forms/[key]/running', 'forms.read', 'forms.write'),
  staffFormFigures: page('/staff/forms/[key]/figures', 'dashboard.read', 'nobody'),
  staffFormFiguresCsv: page('/staff/forms/[key]/figures/[table].csv', 'dashboard.read', 'nobody'),
  staffFormFair: page('/staff/forms/[key]/fair', 'forms.read', 'forms.write'),
  staffFormPaper: page('/staff/forms/[key]/fair/paper', 'forms.read', 'nobody'),
  staffFormPaperPdf: page('/staff/forms/[key]/fair/paper.pdf', 'forms.read', 'nobody'),
  staffFormQr: page('/staff/forms/[key]/fair/qr/[code].svg', 'forms.read', 'nobody'),

  staffKeys: page('/staff/keys', 'keys.read', 'keys.approve'),
  staffWebhooks: page('/staff/webhooks', 'webhooks.read', 'webhooks.write'),
  staffWebhook: page('/staff/webhooks/[id]', 'webhooks.read', 'webhooks.write'),
  staffImports: page('/staff/imports', 'imports.read', 'nobody'),
  staffNewImport: page('/staff/imports/new', 'imports.file', 'imports.file'),
  staffImport: page('/staff/imports/[id]', 'imports.read', 'imports.file'),
  /** For the Bundesnetzagentur: who agreed to advertising calls. */
  staffExport7a: page('/staff/exports/7a', 'calls.read', 'calls.read'),
  staffExports: page('/staff/exports', 'exports.read', 'exports.take'),

  /** An address is never in a URL, so to look one up is a POST. The use cases hold who may change anything. */
  staffPermissions: page('/staff/permissions', 'permissions.read', 'permissions.read'),
  staffExpiry: page('/staff/permissions/expiry', 'permissions.read', 'nobody'),
  staffCapture: page('/staff/permissions/capture/[way]', 'permissions.capture', 'permissions.capture'),
  staffPoint: page('/staff/permissions/[point]', 'permissions.read', 'permissions.capture'),
  /** Asks for a reason; the proof itself is the answer to the POST. */
  staffProof: page('/staff/permissions/[point]/proof/[permission]', 'proofs.read', 'proofs.read'),
  staffScan: page('/staff/permissions/[point]/scan/[sha256]', 'permissions.read', 'nobody'),
  staffAttachScan: page(
    '/staff/permissions/[point]/scan/[sha256]/attach',
    'permissions.capture',
    'permissions.capture',
  ),
  /** What was answered to a program or a campaign. The id of a decision names no address. */
  staffDecisions: page('/staff/decisions', 'decisions.read', 'nobody'),
  staffMails: page('/staff/mails', 'mails.read', 'mails.send'),
  staffLetters: page('/staff/letters', 'letters.read', 'letters.print'),
  staffLetter: page('/staff/letters/[letter].pdf', 'letters.read', 'nobody'),
  staffLetterRun: page('/staff/letters/run/[run]', 'letters.read', 'letters.print'),
  staffLetterRunPdf: page('/staff/letters/run/[run]/letters.pdf', 'letters.read', 'nobody'),
} as const;

/** Addresses that are no pages: a file of the build, and an operation of the API (`api/operations.ts` has them all). */
export const otherRoutes = {
  embedScript: { path: '/embed.js' },
  logCheckpoint: { path: '/log/checkpoint' },
  logKeys: { path: '/.well-known/jawort/keys' },
  receiptKeys: { path: '/.well-known/jawort/jwks.json' },
  formApi: { path: '/api/v1/forms/[form]' },
} as const;

export type PageName = keyof typeof pages;

/** The address of each route: `paths.form('newsletter', { lang: 'de' })` is `/f/newsletter?lang=de`. */
export const paths = buildersOf({ ...pages, ...otherRoutes });

/** The page at an address, and the parameters in it. A slash at the end makes no difference. */
export function pageAt(pathname: string): { name: PageName; params: Record<string, string> } | undefined {
  for (const { name, pattern } of patterns.get(folderOf(pathname)) ?? []) {
    const found = pattern.exec(pathname);
    if (found) return { name, params: { ...found.groups } };
  }
  return undefined;
}

export function isDesk(pathname: string): boolean {
  return /^\/staff(?:\/|$)/.test(pathname);
}

function page<const Path extends string, const Read extends string, const Post extends string>(
  path: Path,
  read: Read,
  post: Post,
) {
  return { path, read, post };
}

/** What is `undefined` is left out. */
type Query = Record<string, string | undefined> | URLSearchParams;

/** One value for each parameter of the address. */
type ValuesOf<Path extends string> = Path extends `${string}[${string}]${infer Rest}`
  ? [value: string, ...ValuesOf<Rest>]
  : [];

type Builders<Routes extends Record<string, { path: string }>> = {
  [Name in keyof Routes]: (...values: [...ValuesOf<Routes[Name]['path']>, query?: Query]) => string;
};

function buildersOf<Routes extends Record<string, { path: string }>>(routes: Routes): Builders<Routes> {
  const entries = Object.entries(routes).map(([name, { path }]) => [name, builderOf(path)]);
  return Object.fromEntries(entries) as Builders<Routes>;
}

function builderOf(path: string): (...values: (string | Query | undefined)[]) => string {
  const [start = '', ...rest] = path.split(/\[\w+\]/);
  return (...values) => {
    const filled = rest.reduce(
      (made, next, index) => made + encodeURIComponent(String(values[index])) + next,
      start,
    );
    const query = values[rest.length];
    return query instanceof Object ? withQuery(filled, query) : filled;
  };
}

function withQuery(path: string, query: Query): string {
  const pairs = query instanceof URLSearchParams ? [...query] : Object.entries(query);
  const given = pairs.filter((pair): pair is [string, string] => pair[1] !== undefined);
  return given.length > 0 ? `${path}?${new URLSearchParams(given)}` : path;
}

function patternOf(path: string): RegExp {
  const source = path.replaceAll('.', '\\.').replace(/\[(\w+)\]/g, '(?<$1>[^/]+)');
  return new RegExp(`^${source.replace(/\/$/, '')}/?$`);
}

// By the first part of the address: the pages for people are found without a look at those of the desks. An address
// without parameters comes before one with a parameter in its place: `/new` before `/[key]`.
const patterns = Map.groupBy(
  (Object.keys(pages) as PageName[])
    .sort((a, b) => Number(pages[a].path.includes('[')) - Number(pages[b].path.includes('[')))
    .map((name) => ({ name, pattern: patternOf(pages[name].path) })),
  ({ name }) => folderOf(pages[name].path),
);

function folderOf(path: string): string | undefined {
  return path.split('/', 2)[1];
}
