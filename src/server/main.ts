/** The process: reads the configuration, starts the server and stops it on a signal. */
import { connect, databaseExists } from '#db/connect.ts';
import { type Config, readConfig } from '#src/app/config.ts';
import { paths } from '#src/routes.ts';
import { startFaults } from './start-faults.ts';
import { type RunningServer, StartRefused, startServer } from './start-server.ts';

async function main(): Promise<void> {
  const read = readConfig(process.env);
  if (!read.ok) {
    const found = read.config ? await faultsInDatabase(read.config) : [];
    return refuseStart([...read.mistakes, ...found]);
  }
  const running = await startServer(read.config).catch((error: unknown) =>
    error instanceof StartRefused
      ? refuseStart(error.reasons)
      : exitWith(`Jawort cannot start: ${reasonOf(error, read.config)}`),
  );
  if (!read.config.production) welcome(read.config);
  stopOnSignal(running);
}

function stopOnSignal(running: RunningServer): void {
  let stoppingSince: number | undefined;
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => {
      // A terminal and npm both pass Ctrl-C on, so the first comes twice. A later one asks to end at once.
      if (stoppingSince !== undefined && Date.now() - stoppingSince > 1_000) process.exit(1);
      if (stoppingSince !== undefined) return;
      stoppingSince = Date.now();
      running.app.log.info({ signal }, 'server.stopping');
      running.stop().then(
        () => process.exit(0),
        (error: unknown) => {
          running.app.log.error({ reason: String(error) }, 'server.stop_failed');
          process.exit(1);
        },
      );
    });
  }
}

function refuseStart(reasons: string[]): never {
  return exitWith(['Jawort cannot start:', ...reasons.map((reason) => `- ${reason}`)].join('\n'));
}

function exitWith(message: string): never {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}

/** Completes the list of reasons of a start that is refused anyway. Makes no database that is not there. */
async function faultsInDatabase(config: Config): Promise<string[]> {
  if (!databaseExists(config.databaseUrl)) return [];
  try {
    const db = await connect(config.databaseUrl);
    return await startFaults(db, config).finally(() => db.destroy());
  } catch (error) {
    return [reasonOf(error, config)];
  }
}

function reasonOf(error: unknown, config: Config): string {
  const { code, message } = error as { code?: string; message?: string };
  if (code === 'EADDRINUSE') return `port ${config.port} is in use. Set PORT to another one.`;
  return message ?? String(error);
}

function welcome(config: Config): void {
  process.stdout.write(
    [
      '',
      `Jawort is ready:   ${config.baseUrl}${paths.demo()}`,
      `Sign up:           ${config.baseUrl}${paths.form('newsletter')}`,
      `Read the mails:    ${config.baseUrl}${paths.demoMailbox()}`,
      '',
    ].join('\n'),
  );
}

if (process.argv[1] === import.meta.filename) await main();
