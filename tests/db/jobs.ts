/** A row of the table that has no other beside it. */
export function job(name: string) {
  return {
    name,
    due_at: '2026-11-23T20:00:00.000Z',
    claimed_until: null,
    last_run_at: null,
    last_outcome: null,
  };
}
