import type { App } from '#src/app/app.ts';
import type { Submission } from '#src/forms/parse-submission.ts';
import { decryptJson, encryptJson } from '#src/people/encryption.ts';
import type { Keys } from '#src/secrets/keys.ts';
import { minutesAfter } from './signup.ts';

/** What the sent page shows to the person who sent the form: only what they sent, never what is known. */
export interface SentHandle {
  signupId: string;
  /** As this person typed it, which need not be how it was typed before. */
  address: string;
  expiresAt: string;
}

/**
 * Encrypted, and another one each time: a second signup may join an open one, and neither its id,
 * which tells when that was opened, nor an equal handle may say so.
 */
export function sentHandle(keys: Keys, { signupId, address, expiresAt }: SentHandle): string {
  return encryptJson(keys.sentHandle, [signupId, address, expiresAt]);
}

/** `undefined` for anything that this instance did not make. */
export function readSentHandle(keys: Keys, handle: string): SentHandle | undefined {
  if (!/^[\w-]{40,2000}$/.test(handle)) return undefined;
  // base64url has several spellings for its last bits; only the one we print counts.
  if (Buffer.from(handle, 'base64url').toString('base64url') !== handle) return undefined;
  try {
    const [signupId, address, expiresAt] = decryptJson<[string, string, string]>(keys.sentHandle, handle);
    return { signupId, address, expiresAt };
  } catch {
    return undefined;
  }
}

/** The handle of a submission, made of what was sent and when, whichever signup it leads to. */
export function handleOf(app: App, { mailbox, form }: Submission, signupId: string, at: Date): string {
  const expiresAt = minutesAfter(at, form.confirmWithinHours * 60);
  return sentHandle(app.keys, { signupId, address: mailbox.sendable, expiresAt });
}
