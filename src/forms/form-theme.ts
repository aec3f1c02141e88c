import { ownColours } from '#src/embed/own-colours.ts';
import {
  type ColourToken,
  type ContrastFault,
  colourTokens,
  contrastFaults,
  type ShapeToken,
  shapeTokens,
} from '#src/embed/theme-tokens.ts';
import { acceptTokens, parseColour } from '#src/embed/tokens.ts';

export type Scheme = 'light' | 'dark';
export const schemes: Scheme[] = ['light', 'dark'];

/** A form's own colours for light and dark mode, and its shape. Missing tokens have our defaults. */
export interface FormTheme {
  light: Partial<Record<ColourToken, string>>;
  dark: Partial<Record<ColourToken, string>>;
  shape: Partial<Record<ShapeToken, string>>;
}

export type ThemeFault =
  | { field: string; code: 'no_colour' | 'no_shape' }
  | ({ field: string; code: 'contrast'; scheme: Scheme } & ContrastFault);

/** Invalid values, and colours without enough contrast. */
export function themeFaults(theme: FormTheme): ThemeFault[] {
  return [...schemes.flatMap((scheme) => colourFaults(theme, scheme)), ...shapeFaults(theme)];
}

/** The theme as a style sheet of custom properties with checked values. Empty without a theme. */
export function themeSheet(theme: FormTheme): string {
  const shape = block(':root', acceptTokens(theme.shape, {}));
  const light = acceptTokens(theme.light, ownColours.light);
  const dark = acceptTokens(theme.dark, ownColours.dark);
  return [
    shape,
    inMedia('light', block(":root:not([data-theme='dark'])", light)),
    inMedia('dark', block(":root:not([data-theme='light'])", dark)),
    block(":root[data-theme='light']", light),
    block(":root[data-theme='dark']", dark),
  ]
    .filter(Boolean)
    .join('\n');
}

/** The theme as query parameters of its style sheet URL, so that the sheet can be cached forever. */
export function themeQuery(theme: FormTheme): URLSearchParams {
  const query = new URLSearchParams();
  for (const part of ['light', 'dark', 'shape'] as const) {
    for (const [name, value] of Object.entries(theme[part])) if (value) query.set(`${part}.${name}`, value);
  }
  return query;
}

export function themeIn(query: URLSearchParams): FormTheme {
  const part = <Token extends string>(of: keyof FormTheme, tokens: readonly Token[]) =>
    Object.fromEntries(
      tokens.flatMap((token) => {
        const value = query.get(`${of}.${token}`);
        return value ? [[token, value]] : [];
      }),
    ) as Partial<Record<Token, string>>;
  return {
    light: part('light', colourTokens),
    dark: part('dark', colourTokens),
    shape: part('shape', shapeTokens),
  };
}

function colourFaults(theme: FormTheme, scheme: Scheme): ThemeFault[] {
  const given = theme[scheme];
  const unknown = colourTokens.filter((token) => given[token] && !parseColour(given[token]));
  if (unknown.length > 0) {
    return unknown.map((token) => ({ field: `${scheme}.${token}`, code: 'no_colour' }));
  }
  return contrastFaults(given, ownColours[scheme]).map((fault) => {
    const named = fault.front !== 'waiting' && given[fault.front] ? fault.front : fault.back;
    return { field: `${scheme}.${named}`, code: 'contrast', scheme, ...fault };
  });
}

function shapeFaults({ shape }: FormTheme): ThemeFault[] {
  return shapeTokens
    .filter((token) => shape[token] && Object.keys(acceptTokens({ [token]: shape[token] }, {})).length === 0)
    .map((token) => ({ field: `shape.${token}`, code: 'no_shape' }));
}

function block(selector: string, properties: Record<string, string>): string {
  const lines = Object.entries(properties).map(([name, value]) => `  ${name}: ${value};`);
  return lines.length > 0 ? `${selector} {\n${lines.join('\n')}\n}` : '';
}

function inMedia(scheme: Scheme, rules: string): string {
  return rules && `@media (prefers-color-scheme: ${scheme}) {\n${rules}\n}`;
}
