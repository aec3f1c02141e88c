import type { App } from '#src/app/app.ts';
import type { Config } from '#src/app/config.ts';
import { startBackgroundWork } from './background-work.ts';
import { consoleToLog } from './console-to-log.ts';
import { addressOf, close, listen } from './listen.ts';
import { openApp } from './open-app.ts';
import { prepareDatabase } from './prepare-database.ts';
import { openRequestHandlers } from './request-handlers.ts';
import { startFaults } from './start-faults.ts';

export interface RunningServer {
  app: App;
  url: string;
  /** Finishes what is under way, then closes. */
  stop: () => Promise<void>;
}

/** Nothing was changed. One sentence for each reason. */
export class StartRefused extends Error {
  readonly reasons: string[];

  constructor(reasons: string[]) {
    super(reasons.join('\n'));
    this.name = 'StartRefused';
    this.reasons = reasons;
  }
}

/** Prepares everything before it listens, so that the first visitor waits for nothing. */
export async function startServer(config: Config): Promise<RunningServer> {
  const app = await openApp(config);
  const faults = await startFaults(app.db, config);
  if (faults.length > 0) {
    await app.db.destroy();
    throw new StartRefused(faults);
  }
  await prepareDatabase(app);
  if (!config.limits) app.log.warn('LIMITS=off: anyone can make this server send mails. For tests only.');
  consoleToLog(app.log);
  const servers = await listen(config, await openRequestHandlers(app));
  const url = addressOf(servers[0]);
  config.baseUrl ||= url;
  const background = await startBackgroundWork(app);
  app.log.info({ url: config.baseUrl }, 'server.ready');
  return {
    app,
    url,
    stop: async () => {
      await background.stop(Promise.all(servers.map(close)));
      await app.db.destroy();
    },
  };
}
