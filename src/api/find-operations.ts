import type { Operation } from './operation.ts';
import { operations } from './operations.ts';

/** An operation with the values of its address: `{ form: 'newsletter' }` for `/forms/{form}`. */
export interface FoundOperation {
  operation: Operation;
  params: Record<string, string>;
}

/** All operations at this address, one for each method. `/api/v1/forms/newsletter/` is the same address. */
export function findOperations(pathname: string): FoundOperation[] {
  if (!pathname.startsWith(base)) return [];
  const parts = pathname.slice(base.length).replace(/\/$/, '').split('/');
  return patterns.flatMap(({ operation, names }) => {
    const params = match(names, parts);
    return params ? [{ operation, params }] : [];
  });
}

/** The pattern of an address, for the metrics: `/api/v1/forms/{form}`. */
export function apiRoute(pathname: string): string | undefined {
  const [found] = findOperations(pathname);
  return found && `${base}${found.operation.path}`;
}

const base = '/api/v1';

const patterns = operations.map((operation) => ({ operation, names: operation.path.split('/') }));

function match(names: string[], parts: string[]): Record<string, string> | undefined {
  if (names.length !== parts.length) return undefined;
  const params: Record<string, string> = {};
  for (const [index, name] of names.entries()) {
    const part = parts[index] ?? '';
    if (name.startsWith('{')) params[name.slice(1, -1)] = part;
    else if (name !== part) return undefined;
  }
  return params;
}
