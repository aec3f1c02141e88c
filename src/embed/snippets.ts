import type { Locale } from '#db/schema/vocabulary.ts';
import { escapeHtml } from '#src/i18n/html.ts';
import { paths } from '#src/routes.ts';

export interface Embedding {
  /** The key of the form. */
  form: string;
  baseUrl: string;
  locale: Locale;
  /** What the link says, and the name of the frame. */
  title: string;
  /** The hash of `/embed.js`. */
  integrity: string;
  height: ReservedHeight;
}

/** A frame's height in pixels on the narrowest screen and on a wide one. */
export interface ReservedHeight {
  narrow: number;
  wide: number;
}

export const narrowest = 320;
export const widest = 720;

export interface Snippets {
  link: string;
  iframe: string;
  element: string;
  headless: string;
}

/** Four ways to bring a form to a page, as text to copy. */
export function snippetsOf(embedding: Embedding): Snippets {
  const { form, baseUrl, locale, title, height } = embedding;
  const address = baseUrl + paths.form(form);
  const link = `<a href="${escapeHtml(`${address}?lang=${locale}`)}">${escapeHtml(title)}</a>`;
  const frame = escapeHtml(`${address}?embed=1&lang=${locale}`);
  const room = roomOf(height);
  const iframe = [
    `<iframe src="${frame}" title="${escapeHtml(title)}"`,
    `        width="100%" height="${height.wide}" style="border: 0; height: ${room}"`,
    '        loading="lazy" referrerpolicy="no-referrer-when-downgrade"',
    `        data-jawort-form="${escapeHtml(form)}"></iframe>`,
    scriptOf(embedding),
  ];
  const element = [
    `<jawort-form form="${escapeHtml(form)}" lang="${locale}" height="${height.wide}"`,
    `             style="display: block; min-height: ${room}">`,
    `  ${link}`,
    '</jawort-form>',
    scriptOf(embedding),
  ];
  return { link, iframe: iframe.join('\n'), element: element.join('\n'), headless: headlessOf(embedding) };
}

/** The name of a loader, made of its hash. */
export function loaderVersion(integrity: string): string {
  return integrity
    .replace(/^sha384-/, '')
    .replace(/[^a-z\d]/gi, '')
    .slice(0, 8);
}

/** The query names the file by its hash: where an older one lies in a cache, the new one is asked for. */
function scriptOf({ baseUrl, integrity }: Embedding): string {
  const address = `${baseUrl}${paths.embedScript()}?v=${loaderVersion(integrity)}`;
  return [
    `<script async src="${escapeHtml(address)}"`,
    `        integrity="${escapeHtml(integrity)}" crossorigin="anonymous"></script>`,
  ].join('\n');
}

/** A height for every width of the window between the two that are known, without any script. */
function roomOf({ narrow, wide }: ReservedHeight): string {
  const slope = (narrow - wide) / (widest - narrowest);
  const start = Math.round(narrow + slope * narrowest);
  return `clamp(${wide}px, ${start}px - ${(slope * 100).toFixed(1)}vw, ${narrow}px)`;
}

function headlessOf({ form, baseUrl, locale }: Embedding): string {
  const api = `${baseUrl}/api/v1/forms/${encodeURIComponent(form)}`;
  return `const api = ${JSON.stringify(api)};

// What your page has to show: every field, each text as it stands in "text", and the notice.
const form = await (await fetch(api + '?lang=${locale}')).json();

// When it is sent, say for each box that was ticked which words stood beside it. Other words are refused (409).
const answer = await fetch(api + '/signups', {
  method: 'POST',
  headers: { 'Content-Type': 'application/json' },
  body: JSON.stringify({
    form_version: form.form_version,
    lang: form.lang,
    email: 'anna@example.org',
    consents: [{ value: form.consents[0].value, sha256: form.consents[0].sha256 }],
    page_url: location.href,
  }),
});
// 202: {"status":"confirmation_sent"}`;
}
