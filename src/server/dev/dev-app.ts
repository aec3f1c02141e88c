/**
 * The app behind `npm run dev`. Vite loads this module with all that it imports, and loads it again after an edit of any
 * of these files. The app from before the edit is stopped first, so there is one set of workers at a time.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { serveActions } from '#src/actions/serve-actions.ts';
import { serveApi } from '#src/api/serve-api.ts';
import type { App as Application } from '#src/app/app.ts';
import { readConfig } from '#src/app/config.ts';
import { startBackgroundWork } from '../background-work.ts';
import { answerHealth } from '../health.ts';
import { openApp } from '../open-app.ts';
import { prepareDatabase } from '../prepare-database.ts';

interface RunningApp {
  app: Application;
  stop: () => Promise<void>;
}

// A module that is loaded again starts empty, so the running app is kept outside of it.
const store = globalThis as { jawortDevApp?: Promise<RunningApp> };
const previous = store.jawortDevApp;
const current = stopPrevious().then(startApp);
store.jawortDevApp = current;
// An app that can't start is reported with the next request.
current.catch(() => undefined);

async function stopPrevious(): Promise<void> {
  const running = await previous?.catch(() => undefined);
  await running?.stop();
}

async function startApp(): Promise<RunningApp> {
  const read = readConfig(process.env);
  if (!read.ok) throw new Error(read.mistakes.join('\n'));
  if (read.config.production) throw new Error('npm run dev is for development. Unset NODE_ENV.');
  const app = await openApp(read.config);
  await prepareDatabase(app);
  const background = await startBackgroundWork(app);
  return {
    app,
    stop: async () => {
      await background.stop(Promise.resolve());
      await app.db.destroy();
    },
  };
}

/** Answers what the server answers in front of the pages; `next` goes on to Astro, which shows the page. */
export async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  next: () => void,
): Promise<void> {
  const { app } = await current;
  if (!process.env.BASE_URL) app.config.baseUrl = `http://localhost:${request.socket.localPort}`;
  if (answerHealth(app, request, response) || serveApi(app, request, response)) return;
  const locals: App.Locals = { app };
  const showPage = () => {
    // Where Astro's development server looks for the locals of a request.
    Reflect.set(request, Symbol.for('astro.locals'), locals);
    next();
  };
  if (!serveActions(request, response, locals, showPage)) showPage();
}
