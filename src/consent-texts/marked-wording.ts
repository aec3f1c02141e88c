import type { ReviewedFinding } from './check-version.ts';

/** A part of the wording, with the indexes of the findings about it. */
export interface MarkedPart {
  text: string;
  findings: number[];
  /** Those of them that end here. */
  ending: number[];
}

/** Splits the wording where findings begin and end, so that marks can overlap. */
export function markedWording(wording: string, findings: ReviewedFinding[]): MarkedPart[] {
  const marked = findings
    .map((finding, index) => ({ ...finding, index }))
    .filter(({ field, start, end }) => field === 'wording' && end > start);
  const cuts = [0, wording.length, ...marked.flatMap(({ start, end }) => [start, end])];
  const places = [...new Set(cuts)].filter((cut) => cut <= wording.length).sort((a, b) => a - b);
  return places.slice(0, -1).map((start, place) => {
    const end = places[place + 1] ?? wording.length;
    const about = marked.filter((one) => one.start <= start && end <= one.end);
    return {
      text: wording.slice(start, end),
      findings: about.map(({ index }) => index),
      ending: about.filter((one) => one.end === end).map(({ index }) => index),
    };
  });
}
