import type { Generated } from 'kysely';

/** When each job of the process ran last and is due again. */
export interface JobTable {
  name: string;
  due_at: string;
  /** While a process works on it: from when another one may take over, and the run that holds it. */
  claimed_until: string | null;
  claimed_by: Generated<string | null>;
  last_run_at: string | null;
  last_outcome: string | null;
}
