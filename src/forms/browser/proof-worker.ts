/** Does the work beside the page, which stays as quick as ever. */
import { findCounter, type Work } from './work.ts';

addEventListener('message', ({ data }: MessageEvent<Work>) => postMessage(findCounter(data)));
