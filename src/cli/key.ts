import { isPowerful, type Scope, scopes } from '#src/exchange/api-keys.ts';
import { makeKey } from '#src/exchange/manage-keys.ts';
import { oneOf, readArguments, UsageError } from './command.ts';
import { withApp } from './with-app.ts';

/** Prints the new key. Only its hash is stored, so it can't be shown again. */
export async function keyAddCommand(args: string[]): Promise<number> {
  const { name, scopes: granted, json } = readKey(args);
  return withApp(async (app) => {
    const made = await makeKey(app, null, { name, scopes: granted });
    if (made.outcome !== 'made') return 1;
    if (json) {
      console.log(JSON.stringify({ name, scopes: granted, key: made.key }));
      return 0;
    }
    console.log(`${made.key}\n\nKeep it now: it is shown only this once. Scopes: ${granted.join(' ')}`);
    if (isPowerful(granted)) {
      console.log('Made on this machine, it needs no approval by a second person. The audit trail says so.');
    }
    return 0;
  });
}

function readKey(args: string[]): { name: string; scopes: Scope[]; json: boolean } {
  const { values, positionals } = readArguments(args, { scope: { type: 'string', multiple: true } });
  const [name, ...more] = positionals;
  if (!name || more.length > 0) throw new UsageError('Give the key one name.');
  const named = (values.scope ?? []).flatMap((scope) => scope.split(/[\s,]+/)).filter(Boolean);
  if (named.length === 0) throw new UsageError('--scope is missing.');
  return {
    name,
    scopes: [...new Set(named.map((scope) => oneOf(scopes, scope, '--scope')))],
    json: values.json,
  };
}
