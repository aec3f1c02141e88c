/**
 * The look that a foreign page may give to the form in its frame: named values, each checked by itself and
 * all of them together for contrast. What fails is left out, and the form keeps its own look there.
 */
export const tokenNames = [
  'accent',
  'accent-text',
  'bg',
  'text',
  'muted',
  'border',
  'error',
  'radius',
  'space',
  'font',
  'font-size',
  'control-height',
  'focus',
] as const;

type TokenName = (typeof tokenNames)[number];

/** Red, green and blue from 0 to 255. */
export type Colour = [number, number, number];

/** What each colour is called in the style sheet of the form. */
export const colourProperties = {
  accent: '--yes',
  'accent-text': '--on-yes',
  bg: '--paper',
  text: '--ink',
  muted: '--muted',
  border: '--edge',
  error: '--no',
  focus: '--focus',
} as const satisfies Partial<Record<TokenName, string>>;

type ColourName = keyof typeof colourProperties;

/** What stands on what, and the contrast that it needs: words 4.5:1, edges of controls and the focus 3:1. */
export const pairs: [front: string, back: string, least: number][] = [
  ['--ink', '--paper', 4.5],
  ['--muted', '--paper', 4.5],
  ['--yes', '--paper', 4.5],
  ['--no', '--paper', 4.5],
  ['--waiting', '--paper', 4.5],
  ['--on-yes', '--yes', 4.5],
  ['--edge', '--paper', 3],
  ['--focus', '--paper', 3],
];

export const checkedProperties = [...new Set(pairs.map(([front]) => front)), '--paper'];

export const lengths = {
  radius: { property: '--radius', from: 0, to: 32 },
  space: { property: '--space', from: 0, to: 48 },
  'font-size': { property: '--body', from: 14, to: 28 },
  'control-height': { property: '--target', from: 44, to: 80 },
} as const satisfies Partial<Record<TokenName, { property: string; from: number; to: number }>>;

const pixelsOfRem = 16;

/**
 * The custom properties to set, by their names. `own` are the colours that the form has by itself, and
 * `colourOf` reads a colour in whatever notation.
 */
export function acceptTokens(
  given: Record<string, unknown>,
  own: Record<string, Colour>,
  colourOf: (text: string) => Colour | undefined = parseColour,
): Record<string, string> {
  return { ...acceptLengths(given), ...acceptFont(given.font), ...acceptColours(given, own, colourOf) };
}

/** `#rgb`, `#rrggbb`, `rgb(1, 2, 3)` or `rgb(1 2 3)`: what a browser computes. Nothing that can be seen through. */
export function parseColour(text: string): Colour | undefined {
  const hex = /^#([\da-f]{3}|[\da-f]{6})$/i.exec(text)?.[1];
  if (hex) {
    const [r = '', g = '', b = ''] = hex.length === 3 ? [...hex].map((one) => one + one) : inPairs(hex);
    return [Number.parseInt(r, 16), Number.parseInt(g, 16), Number.parseInt(b, 16)];
  }
  const parts = /^rgb\((\d{1,3})(?:, ?| )(\d{1,3})(?:, ?| )(\d{1,3})\)$/.exec(text)?.slice(1).map(Number);
  if (!parts || parts.some((part) => part > 255)) return undefined;
  return parts as Colour;
}

/** WCAG 2.2, "contrast ratio". */
export function contrast(one: Colour, other: Colour): number {
  const [lighter = 0, darker = 0] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return (lighter + 0.05) / (darker + 0.05);
}

export function isDark(colour: Colour): boolean {
  return luminance(colour) < 0.18;
}

/** Harmless to hand to the browser as a colour: nothing that loads, looks up or ends a declaration. */
export function looksLikeColour(value: unknown): value is string {
  return typeof value === 'string' && /^[#\w(),.%/ -]{1,64}$/.test(value) && !/url|var|env|attr/i.test(value);
}

function acceptLengths(given: Record<string, unknown>): Record<string, string> {
  const accepted: Record<string, string> = {};
  for (const [name, { property, from, to }] of Object.entries(lengths)) {
    const [, number, unit] = /^(\d{1,3}(?:\.\d{1,3})?)(px|rem)$/.exec(String(given[name] ?? '')) ?? [];
    const pixels = Number(number) * (unit === 'rem' ? pixelsOfRem : 1);
    if (pixels >= from && pixels <= to) accepted[property] = `${Number(number)}${unit}`;
    else if (given[name] === '0' && from === 0) accepted[property] = '0px';
  }
  return accepted;
}

function acceptFont(font: unknown): Record<string, string> {
  return typeof font === 'string' && /^[\p{L}\p{N} ,'"._-]{1,200}$/u.test(font) ? { '--font': font } : {};
}

function acceptColours(
  given: Record<string, unknown>,
  own: Record<string, Colour>,
  colourOf: (text: string) => Colour | undefined,
): Record<string, string> {
  const wished: Record<string, Colour> = {};
  for (const name of Object.keys(colourProperties) as ColourName[]) {
    const value = given[name];
    const colour = looksLikeColour(value) ? colourOf(value) : undefined;
    if (colour) wished[colourProperties[name]] = colour;
  }
  // Our own colours go together, so leaving out wishes ends at the latest with none of them left.
  for (let weak = weakestWish(wished, own); weak; weak = weakestWish(wished, own)) delete wished[weak];
  const accepted = Object.fromEntries(
    Object.entries(wished).map(([property, [r, g, b]]) => [property, `rgb(${r}, ${g}, ${b})`]),
  );
  return accepted['--paper'] ? { ...accepted, '--field': accepted['--paper'] } : accepted;
}

/** The wish that cannot be met: what lies in front goes first, where our own colour would do on that ground. */
function weakestWish(wished: Record<string, Colour>, own: Record<string, Colour>): string | undefined {
  for (const [front, back, least] of pairs) {
    if (!wished[front] && !wished[back]) continue;
    const ground = wished[back] ?? own[back];
    if (standsOut(wished[front] ?? own[front], ground, least)) continue;
    if (!wished[back]) return front;
    return wished[front] && standsOut(own[front], ground, least) ? front : back;
  }
  return undefined;
}

function standsOut(front: Colour | undefined, back: Colour | undefined, least: number): boolean {
  return front !== undefined && back !== undefined && contrast(front, back) >= least;
}

function inPairs(hex: string): string[] {
  return [hex.slice(0, 2), hex.slice(2, 4), hex.slice(4, 6)];
}

function luminance(colour: Colour): number {
  const [red = 0, green = 0, blue = 0] = colour.map((part) => {
    const share = part / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
