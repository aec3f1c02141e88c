/** What the tests need from the machine itself, and how they get it. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { findPostgres } from './postgres.ts';

/** Chromium without windows, tabs and menus: the same pages in a fraction of the processor time. */
const shell = 'chromium-headless-shell';
const browsers = [shell, 'chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome'];

export function findChromium(): string | undefined {
  return browsers.map((name) => `/usr/bin/${name}`).find((path) => existsSync(path));
}

/** Installs what is missing on Debian and Ubuntu as root; elsewhere says what to install. */
export function ensureMachine(): void {
  const wanted = missingPackages(shell);
  if (wanted.length === 0) return;
  process.stderr.write(`Installing ${wanted.join(' and ')}, which the tests need.\n`);
  apt('update');
  for (const name of wanted) apt('install', '-y', '--no-install-recommends', name);
  // Older systems have no such package; the whole browser does as well.
  if (!findChromium()) apt('install', '-y', '--no-install-recommends', 'chromium');
  const still = missingPackages().join(' and ');
  if (still)
    throw new Error(`The tests need ${still}, and apt-get could not install it. Please do, as root.`);
}

/** Named as Debian names its packages. */
function missingPackages(browser?: string): string[] {
  const hasBrowser = browser ? existsSync(`/usr/bin/${browser}`) : findChromium();
  return [...(hasBrowser ? [] : [browser ?? 'chromium']), ...(findPostgres() ? [] : ['postgresql'])];
}

function apt(...args: string[]): void {
  const { status, stdout } = spawnSync('apt-get', args, {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    maxBuffer: 64 * 1024 * 1024,
  });
  if (status !== 0) process.stderr.write(`${stdout ?? ''}apt-get ${args.join(' ')} failed.\n`);
}
