/** The differences between two values, by path, for the audit trail. */
export function changesBetween(
  before: object,
  after: object,
): Record<string, { from: unknown; to: unknown }> {
  const old = flat(before);
  const now = flat(after);
  const names = [...new Set([...Object.keys(old), ...Object.keys(now)])];
  return Object.fromEntries(
    names
      .filter((name) => JSON.stringify(old[name]) !== JSON.stringify(now[name]))
      .map((name) => [name, { from: old[name] ?? null, to: now[name] ?? null }]),
  );
}

/** `{ titles: { de } }` → `{ 'titles.de' }`; lists are not flattened. */
function flat(value: object, prefix = ''): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, inner]): [string, unknown][] =>
      isRecord(inner) ? Object.entries(flat(inner, `${prefix}${name}.`)) : [[`${prefix}${name}`, inner]],
    ),
  );
}

function isRecord(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
