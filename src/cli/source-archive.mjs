/**
 * The source of the running copy as one file, changes included: its users have a right to it (AGPL-3.0, section 13).
 * Plain JavaScript without a package, because it runs when the pages are built.
 */
import { lstatSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

/** The paths that belong to the source. Data, mails and secrets are elsewhere, so they are not packed. */
const parts = [
  '.biome.json',
  '.ci',
  '.editorconfig',
  '.github',
  '.gitignore',
  '.knip.json',
  'LICENSE',
  'README.md',
  'astro.config.mjs',
  'db',
  'emails',
  'package-lock.json',
  'package.json',
  'public',
  'src',
  'tests',
  'tsconfig.json',
];

/** Private files that may be among them by mistake. */
const isPrivate = /^\.env|\.(db|db-\w+|sqlite\d?|key|pem|p12|log)$/i;

/**
 * Writes `jawort/…` as a tar.gz. The same source gives the same bytes.
 *
 * @param {string} root
 * @param {string} file
 */
export function writeSourceArchive(root, file) {
  const entries = parts.flatMap((part) => filesUnder(root, part)).map((path) => entryOf(root, path));
  // Two empty blocks end an archive.
  writeFileSync(file, gzipSync(Buffer.concat([...entries, Buffer.alloc(1024)]), { level: 9 }));
}

/**
 * @param {string} root
 * @param {string} path
 * @returns {string[]}
 */
function filesUnder(root, path) {
  const found = lstatSync(join(root, path), { throwIfNoEntry: false });
  const name = path.slice(path.lastIndexOf('/') + 1);
  if (!found || isPrivate.test(name) || name === 'node_modules') return [];
  if (found.isFile()) return [path];
  if (!found.isDirectory()) return [];
  const names = readdirSync(join(root, path)).sort();
  return names.flatMap((one) => filesUnder(root, `${path}/${one}`));
}

/**
 * One file with its header (POSIX.1-1988, ustar) of 512 bytes, and the content padded to whole blocks.
 *
 * @param {string} root
 * @param {string} path
 */
function entryOf(root, path) {
  const content = readFileSync(join(root, path));
  const executable = (lstatSync(join(root, path)).mode & 0o100) !== 0;
  const head = Buffer.alloc(512);
  const [prefix, name] = splitName(`jawort/${path}`);
  const octal = (/** @type {number} */ value, /** @type {number} */ length) =>
    value.toString(8).padStart(length - 1, '0');
  head.write(name, 0, 100);
  head.write(executable ? '0000755' : '0000644', 100);
  head.write(octal(0, 8), 108);
  head.write(octal(0, 8), 116);
  head.write(octal(content.length, 12), 124);
  head.write(octal(0, 12), 136);
  head.fill(' ', 148, 156);
  head.write('0', 156);
  head.write('ustar\0' + '00', 257);
  head.write(prefix, 345, 155);
  const sum = head.reduce((all, byte) => all + byte, 0);
  head.write(`${octal(sum, 7)}\0 `, 148);
  return Buffer.concat([head, content, Buffer.alloc((512 - (content.length % 512)) % 512)]);
}

/**
 * The name field holds 100 bytes, the prefix field for its folders 155 more.
 *
 * @param {string} path
 * @returns {[prefix: string, name: string]}
 */
function splitName(path) {
  if (Buffer.byteLength(path) <= 100) return ['', path];
  const cut = path.indexOf('/', path.length - 101);
  if (cut < 0 || cut > 155) throw new Error(`The name ${path} is too long for an archive.`);
  return [path.slice(0, cut), path.slice(cut + 1)];
}
