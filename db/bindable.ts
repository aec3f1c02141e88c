/**
 * Throws for a value that a driver would convert without a warning: sqlite3 stores a Date as a number and `undefined` as
 * NULL, pg writes a Date in the time zone of the machine.
 */
export function assertBindable(parameters: readonly unknown[], sql: string): void {
  for (let i = 0; i < parameters.length; i++) {
    const value = parameters[i];
    if (typeof value === 'string' || typeof value === 'number' || value === null) continue;
    if (value instanceof Uint8Array) continue;
    throw new TypeError(
      `Parameter ${i + 1} is ${described(value)}, which cannot be stored. ` +
        `Times are ISO text, flags 0 or 1, JSON is text. In: ${sql}`,
    );
  }
}

function described(value: unknown): string {
  if (typeof value !== 'object' || value === null) return `of the type ${typeof value}`;
  return `a ${value.constructor?.name ?? 'object'}`;
}
