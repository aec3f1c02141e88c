import { type Colour, colourProperties, contrast, lengths, pairs, parseColour } from './tokens.ts';

export type ColourToken = keyof typeof colourProperties;
export type ShapeToken = keyof typeof lengths | 'font';

export const colourTokens = Object.keys(colourProperties) as ColourToken[];
export const shapeTokens = [...Object.keys(lengths), 'font'] as ShapeToken[];

/** Two colours of which the one cannot be read on the other. */
export interface ContrastFault {
  /** The amber of what is waiting is always our own. */
  front: ColourToken | 'waiting';
  back: ColourToken;
  ratio: number;
  least: number;
}

/** Every pair that does not stand out enough once the given colours stand among our own. */
export function contrastFaults(
  given: Partial<Record<ColourToken, string>>,
  own: Record<string, Colour>,
): ContrastFault[] {
  return pairs.flatMap(([frontProperty, backProperty, least]) => {
    const [front, back] = [tokenOf(frontProperty), tokenOf(backProperty)];
    if (!back || ((!front || !given[front]) && !given[back])) return [];
    const one = parseColour((front && given[front]) ?? '') ?? own[frontProperty];
    const other = parseColour(given[back] ?? '') ?? own[backProperty];
    const ratio = one && other ? contrast(one, other) : 0;
    return ratio < least ? [{ front: front ?? 'waiting', back, ratio, least }] : [];
  });
}

function tokenOf(property: string): ColourToken | undefined {
  return colourTokens.find((token) => colourProperties[token] === property);
}
