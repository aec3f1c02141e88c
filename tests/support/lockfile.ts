/** A registry's address in the lockfile would tie every later install to that host. */
export function registriesIn(lockfile: string): string[] {
  return lockfile.match(/"resolved": "https?:[^"]*"|https?:\/\/[\w.-]*(registry|npmjs)[\w.-]*/g) ?? [];
}

/**
 * Packages for other machines that npm left out because the registry it asked lacks them. `npm ci` refuses
 * such a lockfile, though nobody here needs them; they are added by hand with their version, cpu and os.
 */
export function leftOutOf(lockfile: string): string[] {
  const { packages } = JSON.parse(lockfile) as Lockfile;
  const present = new Set(Object.keys(packages).map((path) => path.split('node_modules/').at(-1)));
  const wanted = Object.values(packages).flatMap((entry) => Object.keys(entry.optionalDependencies ?? {}));
  return wanted.filter((name) => !present.has(name));
}

type Lockfile = { packages: Record<string, { optionalDependencies?: Record<string, string> }> };
