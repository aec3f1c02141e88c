import { Problem } from './problem.ts';

/** Stands where Astro would resize images for whoever asks: no page here has any. */
export function ALL(): never {
  throw new Problem(404);
}
