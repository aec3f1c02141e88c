import { consentsOperation } from './consents.ts';
import { decisionStreamOperation } from './decision-stream.ts';
import { decisionsOperation } from './decisions.ts';
import { eventsOperation } from './events.ts';
import { formOperation, signupOperation } from './forms.ts';
import { lookupOperation } from './lookup.ts';
import type { Operation } from './operation.ts';
import { usesOperation } from './uses.ts';
import { withdrawalsOperation } from './withdrawals.ts';

/** Everything that the API does, in the order of its documentation. */
export const operations: Operation[] = [
  decisionsOperation,
  decisionStreamOperation,
  consentsOperation,
  withdrawalsOperation,
  usesOperation,
  lookupOperation,
  eventsOperation,
  formOperation,
  signupOperation,
];
