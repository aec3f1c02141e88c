import type { Command } from './command.ts';

export interface CommandEntry {
  /** What follows `npm run jawort --`, one line for each way to call it. */
  usage: string;
  about: string;
  /** What `--help` adds. */
  details?: string;
  load: () => Promise<Command>;
}

const question = '--purpose KEY --channel CHANNEL [--audience business] [--jurisdiction COUNTRY]';
const questionDetails =
  'Channels: email, sms, phone, fax, post. The audience is consumer unless it is given.';

export const commands: Record<string, CommandEntry> = {
  migrate: {
    usage: 'migrate [--json]',
    about: 'Brings the database up to date.',
    load: async () => (await import('./migrate.ts')).migrateCommand,
  },
  'ledger verify': {
    usage: 'ledger verify [--against FILE|URL] … [--json]',
    about: 'Replays the whole ledger, and compares it with the log and with checkpoints kept elsewhere.',
    details: `--against names a checkpoint of this log that was kept outside of this machine (may be repeated). Anyone who
may write the database and has the key of the log can rewrite both: only what is kept elsewhere shows that.
Exit code 0: everything fits, and something from outside was compared, 1: something does not fit, 2: wrong usage, or a
checkpoint that cannot be read or that another key signed, 3: nothing was found, but nothing from outside was compared.`,
    load: async () => (await import('./ledger-verify.ts')).ledgerVerifyCommand,
  },
  'decision show': {
    usage: 'decision show ID [--json]',
    about: 'Shows who asked and what was answered under this decision id, and whether the log proves it.',
    details: `The address is shown as a keyed hash. "proof" is proved, waiting (its minute is not in the log yet) or changed.
Exit code 0: found as it was given, 1: not found, or not what was kept, 2: wrong usage.`,
    load: async () => (await import('./decision-show.ts')).decisionShowCommand,
  },
  'log init': {
    usage: 'log init [--json]',
    about: 'Makes the key of the transparency log, if there is none, and signs its first checkpoint.',
    details: 'The key is written to LOG_KEY_FILE with mode 0600. LOG_ORIGIN names the log.',
    load: async () => (await import('./log.ts')).logInitCommand,
  },
  'log status': {
    usage: 'log status [--json]',
    about: 'Says how long the log is, what waits, and when and by whom it was last signed.',
    load: async () => (await import('./log.ts')).logStatusCommand,
  },
  'log checkpoint': {
    usage: 'log checkpoint [--out FILE] [--json]',
    about: 'Takes in what waits, signs the head of the log now, and prints it or writes it to a file.',
    details: 'Keep it on another machine: `ledger verify --against FILE` compares with it.',
    load: async () => (await import('./log.ts')).logCheckpointCommand,
  },
  'log proof': {
    usage: 'log proof ID [--out FILE] [--json]',
    about: 'Proves that the newest entry about a permission, or about a row, is in the log.',
    details: `ID is per_… or the id of a row. The proof is a text after C2SP tlog-proof, with the entry as its extra data.`,
    load: async () => (await import('./log-proof.ts')).logProofCommand,
  },
  'log check-proof': {
    usage: 'log check-proof FILE [--json]',
    about: 'Says whether a proof is genuine, and prints the entry that it proves.',
    details: 'Exit code 0: genuine, 1: not genuine, or signed by an unknown key, 2: unreadable.',
    load: async () => (await import('./log-proof.ts')).logCheckProofCommand,
  },
  'log rotate': {
    usage: 'log rotate [--json]',
    about: 'Replaces the key of the log. Both keys sign one checkpoint, so that anyone can follow.',
    details: 'The former key stays beside the new one in a file of its own: put it away or destroy it.',
    load: async () => (await import('./log.ts')).logRotateCommand,
  },
  'log restored': {
    usage: 'log restored --reason TEXT [--json]',
    about: 'Notes in the log that the database was restored from a backup, and why.',
    load: async () => (await import('./log.ts')).logRestoredCommand,
  },
  witness: {
    usage: 'witness --state FILE --key FILE --port N [--host HOST] [--name NAME] [--log KEY|FILE] … [--json]',
    about: 'Watches logs on another machine: cosigns their heads, and refuses forks and rollbacks.',
    details: `Needs no database. At its first start it makes the key, with mode 0600, and the state. --log names a log to watch from
now on: its verifier key, or a file with the lines of its /.well-known/jawort/keys. --name is the name in the key of the
witness (by default that of the machine). It answers as in C2SP tlog-witness, on all addresses unless --host names one.
Exit code 0: it was told to end, 2: wrong usage, or a key or state that cannot be used.`,
    load: async () => (await import('./witness.ts')).witnessCommand,
  },
  dossier: {
    usage: 'dossier ADDRESS | per_… [--at TIME] --out FILE.zip [--json]',
    about: 'Writes everything about a permission or a person as a zip that proves itself.',
    details: `--at tells it as of a moment in the past. The zip has texts, form, mails, scans and evidence with their proofs in the
log, and verify.mjs, which checks all of it without this program. The audit trail has an entry for each dossier.
Exit code 0: written, 1: nothing is known, or the log has no key, 2: wrong usage.`,
    load: async () => (await import('./dossier.ts')).dossierCommand,
  },
  'verify-dossier': {
    usage: 'verify-dossier FILE.zip [--json]',
    about: 'Says whether a dossier was made from this log and is unchanged.',
    details: 'Exit code 0: genuine, 1: changed, or signed by an unknown key, 2: unreadable or wrong usage.',
    load: async () => (await import('./verify-dossier.ts')).verifyDossierCommand,
  },
  'receipt verify': {
    usage: 'receipt verify FILE [--json]',
    about:
      'Says whether a receipt (.pdf, .jws or .json) is genuine: signed here, unchanged, and as the log has it.',
    details: `Exit code 0: genuine, 1: not genuine, or signed by an unknown key, 2: unreadable or wrong usage.`,
    load: async () => (await import('./receipt.ts')).receiptVerifyCommand,
  },
  'receipt rotate': {
    usage: 'receipt rotate [--json]',
    about: 'Makes a new key that signs receipts, and retires the former one.',
    details: `Receipts that the former key signed stay genuine: its public part stays listed with the time that it was valid.
Its private part is deleted.`,
    load: async () => (await import('./receipt.ts')).receiptRotateCommand,
  },
  'staff add': {
    usage: 'staff add EMAIL --role ROLE [--name NAME] [--password-stdin | --invite] [--json]',
    about: 'Adds somebody who may sign in at the desks.',
    details: `Roles: admin, legal, marketing, agent, auditor.

Without --password-stdin and --invite it prints a link where the person chooses a password. The link works once, for
seven days. --password-stdin reads the password from standard input, --invite sends the link by mail.`,
    load: async () => (await import('./staff.ts')).staffAddCommand,
  },
  'key add': {
    usage: 'key add NAME --scope SCOPE … [--json]',
    about: 'Makes a key for the API and prints it once.',
    details: 'Scopes: decide, read, write, signup, export, evidence, admin.',
    load: async () => (await import('./key.ts')).keyAddCommand,
  },
  lint: {
    usage: 'lint FILE --lang de|en [options] [--json]     FILE may be - for standard input',
    about: 'Checks the wording of a consent text that is kept elsewhere.',
    details: `  --channel email|sms|phone|fax|post   the channel of the box (may be repeated)
  --controller "Muster GmbH, Hanau"    the controller, by legal name and perhaps place (may be repeated)
  --place Hanau                        the place of the controller, if not given with the name
  --recipient "Beispiel AG, Köln"      a third party that gets the data (may be repeated)
  --term Akkuschrauber                 a product or content of the purpose (may be repeated)
  --purpose news[:advertising|disclosure|tracking|service]   (may be repeated)
  --frequency 2/month                  how often the purpose writes, or in words
  --audience consumer|business
  --kind consent|notice                a consent (default), or the notice to customers of Section 7(3) UWG
  --form                               FILE holds the whole form. Without it FILE is one clause, and what belongs to
                                       the form around it (the link to the privacy notice, that consent is voluntary)
                                       is at most a hint

Exit code 0: no error (warnings and hints may be listed), 1: at least one error, 2: wrong usage or unreadable file.`,
    load: async () => (await import('./lint.ts')).lintCommand,
  },
  decide: {
    usage: `decide ADDRESS … ${question} [--at TIME] [--json]`,
    about: 'May we contact these addresses?',
    details: `${questionDetails}
Exit code 0: all of them may be contacted, 1: at least one may not, 2: wrong usage.`,
    load: async () => (await import('./decide.ts')).decideCommand,
  },
  scrub: {
    usage: `scrub IN OUT ${question} [--json]`,
    about: 'Adds the decision to every line of a CSV or NDJSON file.',
    details: `${questionDetails}
When it was interrupted, the same command continues where it stopped.`,
    load: async () => (await import('./scrub.ts')).scrubCommand,
  },
  others: {
    usage: `others SCRUBBED OUT.csv ${question} [--json]`,
    about: 'Lists the lines that scrub refused: why, and who may get a letter instead.',
    details: questionDetails,
    load: async () => (await import('./others.ts')).othersCommand,
  },
  import: {
    usage: 'import FILE.csv [--map MAPPING.json] [--dry-run | --wait] [--json]',
    about: 'Imports permissions of another system with their proof: all lines or none.',
    details: `--dry-run writes nothing. With --wait a second person releases the import at the desk.
Exit code 0: all lines are imported, 1: at least one line was refused, 2: wrong usage or unreadable file.`,
    load: async () => (await import('./import.ts')).importCommand,
  },
  export: {
    usage: `export contactable OUT.csv ${question} [--json]
export suppressions OUT.csv [--plain] [--json]
export 7a --from DATE --to DATE --out FILE [--reason TEXT] [--json]`,
    about: 'Writes who may be contacted now, the block list, or the proof of § 7a UWG.',
    details: `${questionDetails}
The block list holds hashes of the addresses; with --plain it holds the addresses.
7a writes each consent of a consumer to advertising calls that was given, used or ended on these days, as CSV for the
Bundesnetzagentur.`,
    load: async () => (await import('./export.ts')).exportCommand,
  },
  bounce: {
    usage: 'bounce [--json] < MAIL.eml',
    about: 'Reads one mail that came back from standard input and blocks a mailbox that is gone.',
    details: `Reports about mails that were not sent from here change nothing.
The exit code is 0 whatever the mail says: with another one the mail server would bounce the bounce.`,
    load: async () => (await import('./bounce.ts')).bounceCommand,
  },
  mails: {
    usage: `mails [--json]                           lists how many mails wait, and which were given up
mails send-again ID … | --all [--json]   puts mails that were given up back into the queue
mails try-now [--json]                   lets a paused queue try again at once`,
    about: 'Shows the mail queue, and sends again what was given up.',
    load: async () => (await import('./mails.ts')).mailsCommand,
  },
  purge: {
    usage: 'purge [--json]',
    about: 'Ends and deletes requests that were not confirmed in time.',
    details: 'The server does the same every few minutes.',
    load: async () => (await import('./purge.ts')).purgeCommand,
  },
  'demo-year': {
    usage: 'demo-year [--json]',
    about: 'Fills an empty database with the demo as it is after a year. Not in production.',
    load: async () => (await import('./demo-year.ts')).demoYearCommand,
  },
};
