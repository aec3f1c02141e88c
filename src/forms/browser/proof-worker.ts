/** Computes the proof of work in the background. */
import { findCounter, type Work } from './work.ts';

addEventListener('message', ({ data }: MessageEvent<Work>) => postMessage(findCounter(data)));
