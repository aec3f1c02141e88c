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
  const missing = missingPackages();
  if (missing.length === 0) return;
  process.stderr.write(`Installing ${missing.join(' and ')}, which the tests need.\n`);
  apt('update');
  apt('install', '-y', '--no-install-recommends', ...missing);
  const still = missingPackages().join(' and ');
  if (still)
    throw new Error(`The tests need ${still}, and apt-get could not install it. Please do, as root.`);
}

/** Named as Debian names its packages. */
function missingPackages(): string[] {
  return [...(findChromium() ? [] : ['chromium']), ...(findPostgres() ? [] : ['postgresql'])];
}

function apt(...args: string[]): void {
  const { status, stdout } = spawnSync('apt-get', args, {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    maxBuffer: 64 * 1024 * 1024,
  });
  if (status !== 0) process.stderr.write(`${stdout ?? ''}apt-get ${args.join(' ')} failed.\n`);
}
