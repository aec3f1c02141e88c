/**
 * The programs of this house: what Node runs, the flags of V8 and the variables that must be set before it starts.
 *
 * - `MALLOC_ARENA_MAX`: threads share their malloc arenas; each arena of its own keeps memory that nobody uses.
 * - `MALLOC_MMAP_THRESHOLD_`: pieces of this many bytes and more go back to the system when they are freed.
 * - `NODE_COMPILE_CACHE`: where Node keeps compiled modules (see `loadOnce` in prepare.mjs).
 * - `--max-semi-space-size` (MB): half of the space for young objects.
 * - `--heap-growing-percent`: how far the heap may grow between two full collections.
 *
 * @typedef {{ file: string, args?: string[], flags: string[], variables: Record<string, string> }} Program
 */
const compileCache = { NODE_COMPILE_CACHE: 'node_modules/.cache/node' };

/** @satisfies {Record<string, Program>} */
export const programs = {
  server: {
    file: 'src/server/main.ts',
    flags: ['--max-semi-space-size=4', '--heap-growing-percent=60'],
    variables: { MALLOC_ARENA_MAX: '1', MALLOC_MMAP_THRESHOLD_: '32768', ...compileCache },
  },
  jawort: {
    file: 'src/cli/jawort.ts',
    flags: ['--max-semi-space-size=8', '--heap-growing-percent=70'],
    variables: { MALLOC_ARENA_MAX: '2', ...compileCache },
  },
  dev: {
    file: 'node_modules/astro/bin/astro.mjs',
    // Without a lock a second one may run beside it, on another port.
    args: ['dev', '--ignore-lock'],
    flags: [],
    variables: { ASTRO_TELEMETRY_DISABLED: '1' },
  },
};
