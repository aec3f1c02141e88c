import { describe, expect, it } from 'vitest';
import { normaliseContactPoint } from '#src/people/normalise-contact-point.ts';
import { readPostalMatches } from '#src/people/postal-address.ts';
import cases from './addresses.json' with { type: 'json' };

/** How a no to `said` compares with somebody known at `known`. */
function compare(said: string, known: string): 'same' | 'likely' | 'near' | 'other' {
  const address = readPostalMatches(known, 'DE').map(({ door, names }) => ({ door, ...names() }));
  const no = readPostalMatches(said, 'DE')
    .map(({ door, names }) => ({ door, ...names() }))
    .filter(({ door }) => address.some((one) => one.door === door));
  const kept = new Set(no.flatMap((one) => one.kept));
  const near = new Set(no.flatMap((one) => one.near));
  if (address.some(({ exact }) => exact.some((name) => kept.has(name)))) return 'same';
  if (address.some(({ wide }) => wide.some((name) => kept.has(name)))) return 'likely';
  return address.some((one) => one.near.some((name) => near.has(name))) ? 'near' : 'other';
}

const { given_name, family_name, company, street, postal_code, city } = cases.address;
const carla = `${given_name} ${family_name}\n${company}\n${street}\n${postal_code} ${city}\nDE`;

describe('a no to a postal address', () => {
  it.each(cases.objections_that_must_hit)('meets it: $what', ({ contact_point }) => {
    expect(compare(contact_point, carla)).toMatch(/same|likely/);
    expect(normaliseContactPoint('post', contact_point).ok).toBe(true);
  });

  it.each(cases.others_that_must_hit)('meets it as %j', (said) => {
    expect(compare(said, carla)).toMatch(/same|likely/);
  });

  it.each([...cases.must_not_hit, ...cases.others_that_must_not_hit])('does not meet %j', (said) => {
    expect(compare(said, carla)).toMatch(/near|other/);
  });

  it.each([
    ['a family name with an umlaut', 'Jürgen Müller', 'Juergen Mueller', 'same'],
    ['an umlaut that was lost', 'Jürgen Müller', 'Jurgen Muller', 'same'],
    ['a double name without its hyphen', 'Anna Groß-Weiß', 'Anna Gross Weiss', 'same'],
    ['a double name with a form of address only', 'Anna Groß-Weiß', 'Frau Groß-Weiß', 'likely'],
    ['a second first name', 'Anna Maria Muster', 'Anna Muster', 'same'],
    ['a shortened first name', 'Christian Muster', 'Chr. Muster', 'likely'],
    ['two who live together', 'Anna Muster', 'Peter und Anna Muster', 'same'],
    ['a first name that another one begins with', 'Andreas Muster', 'Andrea Muster', 'near'],
    ['somebody else', 'Anna Muster', 'Anna Exempel', 'near'],
  ])('compares %s', (_, known, said, likeness) => {
    const at = (name: string) => `${name}\nHauptstraße 12 a\n10115 Berlin`;
    expect(compare(at(said), at(known))).toBe(likeness);
  });

  it.each([
    ['Hauptstraße 12 a', 'Haupt-Str. 12A'],
    ['Straße des 17. Juni 135', 'Str. d. 17. Juni 135'],
    ['Unter den Linden 7', 'U. d. Linden 7'],
    ['Am Alten Markt 7', 'A. Alten Markt 007'],
    ['Birkenweg 3', 'Birkenwg. 3, 2. OG links'],
    ['Goetheallee 3-5', 'Goethe-Allee 3'],
  ])('takes %s and %s for one street', (one, other) => {
    const at = (road: string) => `Anna Muster\n${road}\n10115 Berlin`;
    expect(compare(at(other), at(one))).toBe('same');
    expect(compare(at(one), at(other))).toBe('same');
  });
});
