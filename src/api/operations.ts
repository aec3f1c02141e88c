import { decisionsOperation } from './decisions.ts';
import type { Operation } from './operation.ts';

/** Everything that the API does, in the order of its documentation. */
export const operations: Operation[] = [decisionsOperation];
