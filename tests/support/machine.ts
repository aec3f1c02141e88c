/** What the tests need from the machine itself, and how they get it. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { findPostgres } from './postgres.ts';

const browsers = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome'];

export function findChromium(): string | undefined {
  return browsers.map((name) => `/usr/bin/${name}`).find((path) => existsSync(path));
}

/** Installs what is missing on Debian and Ubuntu as root; elsewhere says what to install. */
export function ensureMachine(): void {
  const missing = [...(findChromium() ? [] : ['chromium']), ...(findPostgres() ? [] : ['postgresql'])];
  if (missing.length === 0) return;
  process.stderr.write(`Installing ${missing.join(' and ')}, which the tests need.\n`);
  apt('update');
  apt('install', '-y', '--no-install-recommends', ...missing);
  if (!findChromium() || !findPostgres()) {
    throw new Error(`The tests need ${missing.join(' and ')}. Install what is missing and try again.`);
  }
}

function apt(...args: string[]): void {
  spawnSync('apt-get', args, {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  });
}
