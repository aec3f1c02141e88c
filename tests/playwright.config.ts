import { fileURLToPath } from 'node:url';
import { defineConfig } from '@playwright/test';
import { baseUrl, e2eFolder, mailDir } from './support/e2e.ts';
import { findChromium } from './support/machine.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const node = process.execPath;

export default defineConfig({
  testDir: 'e2e',
  outputDir: '../test-results/e2e',
  globalTeardown: './support/e2e-teardown.ts',
  globalTimeout: 40 * 60_000,
  // A busy machine takes its time; what a page must not take long for is measured where it is promised.
  timeout: 60_000,
  expect: { timeout: 10_000 },
  workers: 2,
  fullyParallel: true,
  forbidOnly: Boolean(process.env.CI),
  reporter: [['list']],
  use: {
    baseURL: baseUrl,
    screenshot: 'only-on-failure',
    launchOptions: {
      executablePath: findChromium(),
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    },
  },
  webServer: {
    command: `${node} src/cli/prepare.mjs && exec ${node} src/cli/launch.mjs server`,
    cwd: root,
    url: `${baseUrl}/readyz`,
    timeout: 120_000,
    gracefulShutdown: { signal: 'SIGTERM', timeout: 5000 },
    stdout: process.env.E2E_LOG ? 'pipe' : 'ignore',
    env: {
      NODE_ENV: 'development',
      HOST: '127.0.0.1',
      PORT: new URL(baseUrl).port,
      BASE_URL: baseUrl,
      DATABASE_URL: `sqlite:${e2eFolder}/jawort.db`,
      MAIL_TRANSPORT: 'file',
      MAIL_DIR: mailDir,
      LIMITS: 'off',
    },
  },
});
