import { consentsOperation } from './consents.ts';
import { decisionStreamOperation } from './decision-stream.ts';
import { decisionsOperation } from './decisions.ts';
import { documentationOf } from './documentation.ts';
import { dossiersOperation } from './dossiers.ts';
import { eventsOperation } from './events.ts';
import { evidenceFilesOperation } from './evidence-files.ts';
import { exportContactableOperation, exportSuppressionsOperation } from './exports.ts';
import { formOperation, signupOperation } from './forms.ts';
import { importStateOperations, importsOperation } from './imports.ts';
import { inboundResendOperation } from './inbound-resend.ts';
import { lookupOperation } from './lookup.ts';
import type { Operation } from './operation.ts';
import { suppressionsOperation } from './suppressions.ts';
import { usesOperation } from './uses.ts';
import { webhookOperations } from './webhooks.ts';
import { withdrawalsOperation } from './withdrawals.ts';

/** What is documented, in the order of its documentation. */
export const documented: Operation[] = [
  decisionsOperation,
  decisionStreamOperation,
  consentsOperation,
  evidenceFilesOperation,
  withdrawalsOperation,
  suppressionsOperation,
  usesOperation,
  lookupOperation,
  eventsOperation,
  dossiersOperation,
  formOperation,
  signupOperation,
  importsOperation,
  ...importStateOperations,
  exportContactableOperation,
  exportSuppressionsOperation,
  ...webhookOperations,
  inboundResendOperation,
];

export const operations: Operation[] = [...documented, ...documentationOf(documented)];
