import type { MarkdownHeading } from 'astro';
import type { Locale } from '#db/schema/vocabulary.ts';
import { readerLocale } from '#src/http/locale.ts';
import { Problem } from '#src/http/problem.ts';
import { paths } from '#src/routes.ts';

export const groups = ['guides', 'reference', 'project'] as const;

/** What stands at the top of each file of src/docs. */
interface Head {
  title: string;
  description: string;
  /** Left out: listed by another page, as decision records are. */
  group?: (typeof groups)[number];
  /** The place in its group. */
  order?: number;
}

interface MarkdownFile {
  frontmatter: Head;
  compiledContent: () => Promise<string>;
  rawContent: () => string;
  getHeadings: () => MarkdownHeading[];
}

export interface Guide extends Head {
  /** Its address below /docs, e.g. `webhooks`. */
  slug: string;
  locale: Locale;
  /** The languages that it is written in. */
  locales: Locale[];
  headings: MarkdownHeading[];
  text: string;
  html: () => Promise<string>;
}

/** `/src/docs/people.de.md` is the German of `people.md`; what has no language in its name is English. */
const files = import.meta.glob<MarkdownFile>('/src/docs/**/*.md');

let loaded: Promise<Guide[]> | undefined;

/** Every guide once, in the language asked for where it is written in it, else in English. */
export async function findGuides(locale: Locale): Promise<Guide[]> {
  loaded ??= Promise.all(Object.entries(files).map(([path, load]) => guideOf(path, load)));
  const all = await loaded;
  const found = [...new Set(all.map(({ slug }) => slug))].flatMap((slug) => {
    const versions = all.filter((one) => one.slug === slug);
    const best = versions.find((one) => one.locale === locale) ?? versions.find((one) => one.locale === 'en');
    return best ? [{ ...best, locales: versions.map((one) => one.locale) }] : [];
  });
  return found.toSorted((a, b) => (a.order ?? 0) - (b.order ?? 0) || a.title.localeCompare(b.title, locale));
}

async function guideOf(path: string, load: () => Promise<MarkdownFile>): Promise<Guide> {
  const [, slug = '', language = 'en'] = /^\/src\/docs\/(.+?)(?:\.(de))?\.md$/.exec(path) ?? [];
  const file = await load();
  return {
    ...file.frontmatter,
    slug,
    locale: language as Locale,
    locales: [],
    headings: file.getHeadings(),
    text: file.rawContent(),
    html: file.compiledContent,
  };
}

export interface OpenedGuide {
  guide: Guide;
  guides: Guide[];
  /** The language of the reader. The guide may be written in English only. */
  wished: Locale;
}

/** What a page needs to show a guide. Throws a 404 for one that is not there. */
export async function openGuide(request: Request, slug: string): Promise<OpenedGuide> {
  const wished = readerLocale(request);
  const guides = await findGuides(wished);
  const guide = guides.find((one) => one.slug === slug);
  if (!guide) throw new Problem(404);
  return { guide, guides, wished };
}

/** Where a guide is read. */
export function addressOf({ slug }: Guide, lang: Locale): string {
  const record = /^decisions\/(.+)$/.exec(slug)?.[1];
  return record === undefined ? paths.guide(slug, { lang }) : paths.decisionRecord(record, { lang });
}

export interface Found {
  guide: Guide;
  headings: MarkdownHeading[];
}

/** Guides that have every word of the query somewhere, those with them in a heading first. */
export function searchGuides(guides: Guide[], query: string): Found[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  const has = (text: string) => words.every((word) => text.toLowerCase().includes(word));
  return guides
    .filter(({ title, text }) => has(`${title} ${text}`))
    .map((guide) => ({ guide, headings: guide.headings.filter(({ text }) => has(text)) }))
    .toSorted((a, b) => b.headings.length - a.headings.length);
}
