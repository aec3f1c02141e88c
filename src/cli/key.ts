import { parseArgs } from 'node:util';
import { isPowerful, type Scope, scopes } from '#src/exchange/api-keys.ts';
import { makeKey } from '#src/exchange/manage-keys.ts';
import { withApp } from './with-app.ts';

const usage = `Usage: key add NAME --scope ${scopes.join(' --scope ')}`;

/** Prints the new key. It is kept nowhere, so this is the only time. */
export async function keyAddCommand(args: string[]): Promise<number> {
  const asked = read(args);
  if (!asked) {
    console.error(usage);
    return 2;
  }
  return withApp(async (app) => {
    const { name, scopes: allowed } = asked;
    const made = await makeKey(app, null, { name, scopes: allowed });
    if (made.outcome !== 'made') return 1;
    if (asked.json) console.log(JSON.stringify({ name, scopes: allowed, key: made.key }));
    else console.log(`${made.key}\n\nKeep it now: it is shown only this once. Scopes: ${allowed.join(' ')}`);
    if (!asked.json && isPowerful(allowed)) {
      console.log('Made on this machine, it needs no approval by a second person. The audit trail says so.');
    }
    return 0;
  });
}

function read(args: string[]): { name: string; scopes: Scope[]; json: boolean } | undefined {
  try {
    const { values, positionals } = parseArgs({
      args,
      allowPositionals: true,
      options: { scope: { type: 'string', multiple: true }, json: { type: 'boolean', default: false } },
    });
    const wished = (values.scope ?? []).flatMap((scope) => scope.split(/[\s,]+/)).filter(Boolean);
    const known = wished.filter((scope): scope is Scope => scopes.some((one) => one === scope));
    const [name, ...more] = positionals;
    if (!name || more.length > 0 || known.length === 0 || known.length < wished.length) return undefined;
    return { name, scopes: [...new Set(known)], json: values.json };
  } catch (error) {
    console.error(error instanceof Error ? error.message : usage);
    return undefined;
  }
}
