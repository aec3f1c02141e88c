import type { Sha256 } from './verify-proof.ts';

export const sha256: Sha256 = async (data) => new Uint8Array(await crypto.subtle.digest('SHA-256', data));
