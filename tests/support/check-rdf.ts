import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import jsonld from 'jsonld';
import { Parser, Store } from 'n3';
import Validator from 'rdf-validate-shacl';

const fixture = (name: string) => fileURLToPath(new URL(`../receipts/fixtures/${name}`, import.meta.url));

/** What a receipt lacks of ISO/IEC TS 27560 with the GDPR profile of DPV: one line each. */
export async function shapeFaultsOf(document: object): Promise<string[]> {
  const shapes = new Store(new Parser().parse(readFileSync(fixture('dpv-27560.shapes.ttl'), 'utf8')));
  const validator = new Validator(shapes);
  const report = await validator.validate(await triplesOf(document));
  return report.results.map(
    ({ path, message, focusNode }) =>
      `${focusNode?.value} ${JSON.stringify(path)} ${message.map(({ value }) => value)}`,
  );
}

/** Terms of DPV in a receipt that DPV 2.3 does not have. */
export async function unknownTermsIn(document: object): Promise<string[]> {
  const { terms } = JSON.parse(readFileSync(fixture('dpv-2.3-terms.json'), 'utf8')) as {
    terms: Record<string, string>;
  };
  const known = new Set(
    Object.entries(terms).flatMap(([space, names]) => names.split(' ').map((name) => space + name)),
  );
  const used = [...(await triplesOf(document))].flatMap(({ subject, predicate, object }) =>
    [subject, predicate, object].filter(({ termType }) => termType === 'NamedNode').map(({ value }) => value),
  );
  const own = used.filter((iri) => /^https:\/\/w3id\.org\/dpv(?:[#/])/.test(iri) && !/\/schema\//.test(iri));
  return [...new Set(own)].filter((iri) => !known.has(iri));
}

/** Without the network: a receipt brings its own context. */
async function triplesOf(document: object): Promise<Store> {
  const documentLoader = async (url: string): Promise<never> => {
    throw new Error(`The receipt would load ${url}.`);
  };
  const options = { format: 'application/n-quads', safe: true, documentLoader };
  const quads = (await jsonld.toRDF(document as never, options as never)) as unknown as string;
  return new Store(new Parser({ format: 'N-Quads' }).parse(quads));
}
