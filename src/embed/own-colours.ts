import type { Colour } from './tokens.ts';

/** The colours of people.css, for where no browser can be asked. A test holds them to the sheet. */
export const ownColours: Record<'light' | 'dark', Record<string, Colour>> = {
  light: {
    '--paper': [251, 250, 247],
    '--ink': [28, 27, 25],
    '--muted': [93, 89, 79],
    '--edge': [122, 116, 103],
    '--yes': [11, 95, 67],
    '--on-yes': [251, 250, 247],
    '--no': [152, 50, 20],
    '--waiting': [122, 79, 0],
    '--focus': [28, 27, 25],
  },
  dark: {
    '--paper': [20, 22, 19],
    '--ink': [236, 234, 228],
    '--muted': [176, 173, 163],
    '--edge': [139, 144, 131],
    '--yes': [111, 208, 166],
    '--on-yes': [20, 22, 19],
    '--no': [242, 162, 132],
    '--waiting': [229, 185, 95],
    '--focus': [236, 234, 228],
  },
};
