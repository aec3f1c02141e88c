import type { CommandEntry } from './command.ts';
import { helpText } from './help.ts';

const commands: Record<string, CommandEntry> = {
  migrate: {
    usage: 'migrate [--json]',
    about: 'Brings the database up to date.',
    load: async () => (await import('./migrate.ts')).migrateCommand,
  },
  'ledger verify': {
    usage: 'ledger verify [--json]',
    about: 'Folds the whole ledger again and compares it with the permissions.',
    load: async () => (await import('./ledger-verify.ts')).ledgerVerifyCommand,
  },
  'staff add': {
    usage: 'staff add EMAIL --role ROLE [--name NAME] [--password-stdin | --invite] [--json]',
    about: 'Lets somebody sign in at the desks. Roles: admin, legal, marketing, agent, auditor.',
    load: async () => (await import('./staff.ts')).staffAddCommand,
  },
  'key add': {
    usage: 'key add NAME --scope SCOPE … [--json]',
    about: 'Makes a key for the API and prints it once. Scopes: decide, read, write, export, admin.',
    load: async () => (await import('./key.ts')).keyAddCommand,
  },
  lint: {
    usage: 'lint FILE --lang de [options]',
    about: 'Checks a consent wording that is kept elsewhere; lint --help tells the options.',
    load: async () => (await import('./lint.ts')).lintCommand,
  },
  decide: {
    usage: 'decide ADDRESS … --purpose KEY --channel CHANNEL [--audience business] [--at TIME] [--json]',
    about: 'May we contact these addresses? Exit 1 when one of them may not be.',
    load: async () => (await import('./decide.ts')).decideCommand,
  },
  scrub: {
    usage: 'scrub IN OUT --purpose KEY --channel CHANNEL [--audience business] [--json]',
    about: 'Answers every line of a CSV or NDJSON file. Stopped in between, the same command goes on.',
    load: async () => (await import('./scrub.ts')).scrubCommand,
  },
  others: {
    usage: 'others SCRUBBED OUT.csv --purpose KEY --channel CHANNEL [--json]',
    about: 'Of the lines that scrub said no to: why, and who may be written to by letter instead.',
    load: async () => (await import('./others.ts')).othersCommand,
  },
  import: {
    usage: 'import FILE.csv [--map MAPPING.json] [--dry-run | --wait] [--json]',
    about:
      'Brings in permissions of another system with their proof: all lines or none. With --wait a second person lets them in.',
    load: async () => (await import('./import.ts')).importCommand,
  },
  export: {
    usage: 'export contactable|suppressions OUT.csv [--purpose KEY --channel CHANNEL | --plain]',
    about:
      'Writes who may be contacted now, or the block list, whose addresses are hashes unless it is --plain.',
    load: async () => (await import('./export.ts')).exportCommand,
  },
  bounce: {
    usage: 'bounce [--json] < MAIL.eml',
    about:
      'Takes a mail that came back: a dead mailbox is blocked. Reports about mails that were not sent from here change nothing.',
    load: async () => (await import('./bounce.ts')).bounceCommand,
  },
  mails: {
    usage: 'mails [send-again ID …|--all | try-now] [--json]',
    about: 'Which mails wait or were given up and why, and sends the latter again.',
    load: async () => (await import('./mails.ts')).mailsCommand,
  },
  purge: {
    usage: 'purge [--json]',
    about: 'Ends and deletes what nobody confirmed in time, now instead of at the next round.',
    load: async () => (await import('./purge.ts')).purgeCommand,
  },
  'demo-year': {
    usage: 'demo-year [--json]',
    about: 'Fills an empty database with the demo as it would be after a year. Not in production.',
    load: async () => (await import('./demo-year.ts')).demoYearCommand,
  },
};

async function main(args: string[]): Promise<number> {
  const name = [args.slice(0, 2).join(' '), args[0] ?? ''].find((candidate) => candidate in commands);
  const entry = name === undefined ? undefined : commands[name];
  if (name === undefined || !entry) {
    const asked = args[0] === undefined || args[0] === 'help' || args[0] === '--help';
    console[asked ? 'log' : 'error'](helpText(commands, asked ? undefined : args.join(' ')));
    return asked ? 0 : 2;
  }
  const command = await entry.load();
  return command(args.slice(name.split(' ').length));
}

process.exitCode = await main(process.argv.slice(2));
