import { hash, verify } from '@node-rs/argon2';
import { commonWords } from './common-passwords.ts';

/** Argon2id with 19 MiB and two rounds, the minimum that OWASP recommends. */
const cost = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

export async function hashPassword(password: string): Promise<string> {
  return hash(password.normalize('NFKC'), cost);
}

/** Takes the same time without a stored hash, so that timing does not reveal whether an account exists. */
export async function isPassword(stored: string | null | undefined, password: string): Promise<boolean> {
  const right = await verify(stored ?? (await dummyHash()), password.normalize('NFKC'));
  return right && stored != null;
}

export type PasswordFault = 'too_short' | 'too_long' | 'too_common' | 'like_the_address';

/** NIST SP 800-63B: checks the length and refuses common passwords; no rules about kinds of characters. */
export function passwordFault(password: string, email: string): PasswordFault | undefined {
  const characters = [...password.normalize('NFKC')];
  if (characters.length < 12) return 'too_short';
  if (characters.length > 200) return 'too_long';
  const plain = password.toLowerCase();
  if (new Set(characters).size < 5 || isMadeOf(plain, commonWords)) return 'too_common';
  const [name = ''] = email.toLowerCase().split('@');
  const own = name.split(/[^\p{L}]+/u).filter((part) => part.length >= 3);
  return isMadeOf(plain, own) ? 'like_the_address' : undefined;
}

/** Contains fewer than four letters besides these words. */
function isMadeOf(password: string, words: string[]): boolean {
  const rest = words.reduce((text, word) => text.replaceAll(word, ' '), password);
  return rest !== password && rest.replace(/[^\p{L}]/gu, '').length < 4;
}

let cachedDummy: Promise<string> | undefined;

function dummyHash(): Promise<string> {
  cachedDummy ??= hashPassword('a password of no account');
  return cachedDummy;
}
