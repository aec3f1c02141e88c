import { readFileSync } from 'node:fs';
import { type Colour, parseColour } from './tokens.ts';

/** The colours of src/styles/tokens.css by custom property, for where there is no browser to ask. */
export const ownColours: Record<'light' | 'dark', Record<string, Colour>> = { light: {}, dark: {} };

const sheet = readFileSync(new URL('../styles/tokens.css', import.meta.url), 'utf8');

for (const [, property = '', light = '', dark = ''] of sheet.matchAll(
  /(--[\w-]+): light-dark\((#\w+), (#\w+)\);/g,
)) {
  const [inLight, inDark] = [parseColour(light), parseColour(dark)];
  if (!inLight || !inDark) throw new Error(`tokens.css has no colours for ${property}: ${light}, ${dark}`);
  ownColours.light[property] = inLight;
  ownColours.dark[property] = inDark;
}
