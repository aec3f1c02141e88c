import { importNames } from './import-columns.ts';

/** The probable column of each field in a file with these columns. A person checks the guess before it is used. */
export function guessColumns(columns: string[]): Record<string, string> {
  const mapping: Record<string, string> = {};
  const free = new Set(columns);
  for (const name of importNames) {
    const wanted = [name, ...(alsoCalled[name] ?? [])].map(bare);
    const column = columns.find((one) => free.has(one) && wanted.includes(bare(one)));
    if (column === undefined) continue;
    mapping[name] = column;
    free.delete(column);
  }
  return mapping;
}

function bare(name: string): string {
  return name.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');
}

const alsoCalled: Record<string, string[]> = {
  contact_point: [
    'email',
    'e-mail-adresse',
    'mail',
    'emailaddress',
    'telefon',
    'phone',
    'adresse',
    'address',
  ],
  channel: ['kanal', 'weg'],
  purpose: ['zweck'],
  text_version: ['textfassung', 'fassung', 'wording'],
  captured_at: ['datum', 'date', 'einwilligung am', 'consent date', 'erklärt am'],
  captured_by: ['erfasst von', 'mitarbeiter', 'agent'],
  given_name: ['vorname', 'first name'],
  family_name: ['nachname', 'name', 'last name'],
  company: ['firma', 'unternehmen'],
  street: ['straße', 'strasse'],
  postal_code: ['plz', 'postleitzahl', 'zip'],
  city: ['ort', 'stadt'],
  country: ['land'],
  source: ['quelle', 'herkunft'],
  proof_ref: ['nachweis', 'beleg', 'proof'],
  confirmed_at: ['bestätigt am', 'confirmed', 'doi am', 'doi date'],
};
