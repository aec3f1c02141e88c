import { fold, squash } from './fold-text.ts';

/** Street and house number without its letter: `Graf-Muster-Pl. 1 a` becomes `grafmusterpl 1`. */
export function streetKey(street: string): string {
  const bare = fold(street).replace(
    /(?<=\d ?[a-z]?) (?:\d+ ?)?(?:og|ug|eg|dg|hh|vh|stock|etage|whg|wohnung|app|apt|apartment|zimmer|aufgang|top|stiege|hinterhaus|vorderhaus|links|rechts|mitte)\b.*$/,
    '',
  );
  const [, name = bare, number = ''] =
    /^(.*?\D) ?0*(\d+) ?[a-z]?(?: (?:bis )?\d+ ?[a-z]?)*$/.exec(bare) ?? [];
  const words = name
    .trim()
    .split(' ')
    .map((word) => roadWords.get(word) ?? word);
  const road = squash(words.join(''));
  const [end, short] = roadEnds.find(([ending]) => ending.test(road)) ?? [];
  return `${end ? road.replace(end, short ?? '') : road} ${number}`;
}

const roadWords = new Map(
  Object.entries({
    strasse: 'str',
    platz: 'pl',
    allee: 'al',
    weg: 'wg',
    sankt: 'st',
    doktor: 'dr',
    professor: 'prof',
    am: 'a',
    an: 'a',
    im: 'i',
    in: 'i',
    von: 'v',
    vom: 'v',
    unter: 'u',
    der: 'd',
    des: 'd',
    dem: 'd',
    den: 'd',
  }),
);

const roadEnds: [RegExp, string][] = [
  [/(?:strase|str)$/, 'str'],
  [/(?:platz|plaz|plz|pl)$/, 'pl'],
  [/(?:alle+|all|al)$/, 'al'],
  [/(?:weg|wg|w)$/, 'wg'],
  [/(?:gase|gas)$/, 'gs'],
  [/(?:promenade|prom)$/, 'prom'],
  [/(?:chause+|ch)$/, 'ch'],
];
