/** What the tests need from the machine itself, and how they get it. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { chromium } from '@playwright/test';
import { findPostgres } from './postgres.ts';

/** Chromium without windows, tabs and menus: the same pages in a fraction of the processor time. */
const shell = 'chromium-headless-shell';

/**
 * The machine's own Chromium; `undefined` where Playwright has downloaded one, which it then finds by itself, and where
 * there is none at all.
 */
export function findChromium(): string | undefined {
  if (playwrightHasChromium()) return undefined;
  return onPath(shell, 'chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome');
}

export interface Needs {
  browser?: boolean;
  postgres?: boolean;
}

/** Installs what is missing where that is possible (apt-get, as root); elsewhere the error says what to install. */
export function ensureMachine(needs: Needs): void {
  const packages = missing(needs).map(({ debian }) => debian);
  if (packages.length === 0) return;
  if (onPath('apt-get') && process.getuid?.() === 0) {
    process.stderr.write(`Installing ${packages.join(' and ')}, which the tests need.\n`);
    apt('update');
    for (const name of packages) apt('install', '-y', '--no-install-recommends', name);
    // Older systems have no package for the shell alone.
    if (missing(needs).some(({ debian }) => debian === shell))
      apt('install', '-y', '--no-install-recommends', 'chromium');
  }
  const hints = missing(needs).map(({ hint }) => hint);
  if (hints.length > 0) throw new Error(`The tests need ${hints.join(', and ')}.`);
}

function missing({ browser, postgres }: Needs): { debian: string; hint: string }[] {
  return [
    ...(browser && !playwrightHasChromium() && !findChromium()
      ? [{ debian: shell, hint: 'Chromium (npx playwright install --only-shell chromium)' }]
      : []),
    ...(postgres && !findPostgres()
      ? [{ debian: 'postgresql', hint: 'a PostgreSQL server (its programs initdb and postgres on the PATH)' }]
      : []),
  ];
}

function playwrightHasChromium(): boolean {
  const whole = chromium.executablePath();
  const shellFolder = whole.replace(/([\\/])chromium-(\d+)[\\/].*$/, '$1chromium_headless_shell-$2');
  return existsSync(whole) || (shellFolder !== whole && existsSync(shellFolder));
}

/** The first of these programs that the PATH leads to. */
function onPath(...names: string[]): string | undefined {
  const folders = (process.env.PATH ?? '').split(delimiter);
  return names
    .flatMap((name) => folders.map((folder) => join(folder, name)))
    .find((path) => existsSync(path));
}

function apt(...args: string[]): void {
  const { status, stdout } = spawnSync('apt-get', args, {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    maxBuffer: 64 * 1024 * 1024,
  });
  if (status !== 0) process.stderr.write(`${stdout ?? ''}apt-get ${args.join(' ')} failed.\n`);
}
