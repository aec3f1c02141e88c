import { scaleLinear } from 'd3-scale';

export interface Bar {
  label: string;
  value: number;
  /** What stands at its end: the number, and what it is a share of. */
  text: string;
  /** A number of another order, which would make the others too short to be compared: no bar is drawn for it. */
  bare?: boolean;
  /** Said after the label, for the one bar that a sentence speaks about. */
  note?: string;
}

const rowHeight = 42;
const barHeight = 12;
const barTop = 22;

const letterWidth = 8.2;

function fits(words: string, width: number): boolean {
  return words.length * letterWidth <= width;
}

/** Bars below each other, each under its own words: as legible on a telephone as on a wall. */
export function layBars(bars: Bar[], width: number) {
  const length = scaleLinear()
    .domain([0, Math.max(1, ...bars.map(({ value, bare }) => (bare ? 0 : value)))])
    .range([0, width]);
  let top = 0;
  const rows = bars.map((bar) => {
    const row = {
      ...bar,
      // The sentence above the chart says it as well, so where it would run into the number it goes.
      note: bar.note && fits(`${bar.label} (${bar.note}) ${bar.text}`, width) ? bar.note : undefined,
      strong: bar.note !== undefined,
      top,
      barTop: top + barTop,
      barHeight,
      // What is there can be seen, however little it is.
      length: bar.value > 0 ? Math.max(2, Math.round(length(bar.value) * 10) / 10) : 0,
    };
    top += bar.bare ? barTop + 6 : rowHeight;
    return row;
  });
  return { width, height: top - 6, rows };
}
