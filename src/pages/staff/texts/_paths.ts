import type { TextPlace } from '#src/consent-texts/create-draft.ts';

type Query = Record<string, string | undefined>;

/** The addresses of legal's desk. */
export const textPaths = {
  grid: () => '/staff/texts',
  text: (place: TextPlace, query: Query = {}) => `${base(place)}${search(query)}`,
  edit: (place: TextPlace, query: Query = {}) => `${base(place)}/edit${search(query)}`,
  review: (place: TextPlace, query: Query = {}) => `${base(place)}/review${search(query)}`,
  affected: (place: TextPlace, query: Query = {}) => `${base(place)}/affected${search(query)}`,
  print: (place: TextPlace) => `${base(place)}/print`,
  pdf: (place: TextPlace, lang: string) => `${base(place)}/history.pdf?lang=${lang}`,
  mail: (place: TextPlace, version: string) => `${base(place)}/mail?version=${version}`,
  printAll: (query: Query = {}) => `/staff/texts/print${search(query)}`,
  pdfAll: (query: Query = {}) => `/staff/texts/live.pdf${search(query)}`,
};

function base({ purpose, channel, locale }: TextPlace): string {
  return `/staff/texts/${encodeURIComponent(purpose)}/${channel}/${locale}`;
}

function search(query: Query): string {
  const pairs = Object.entries(query).filter((pair): pair is [string, string] => pair[1] !== undefined);
  return pairs.length > 0 ? `?${new URLSearchParams(pairs)}` : '';
}
