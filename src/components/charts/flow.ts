import { scaleBand, scaleLinear } from 'd3-scale';

export interface FlowBar {
  /** What a pointer is told about it. */
  says: string;
  /** Stands under the axis where there is room. */
  label: string;
  up: number;
  down: number;
  /** It is not over yet. */
  open: boolean;
  /** Numbers of what happened then, as they stand in the list below. */
  marks: number[];
}

const height = 280;
const margin = { top: 34, right: 6, bottom: 26, left: 40 };
const labelWidth = 58;

/** Two bars around zero for each span of time, with the marks above them. */
export function layFlow(bars: FlowBar[], width: number) {
  const x = scaleBand<number>()
    .domain(bars.map((_, index) => index))
    .range([margin.left, width - margin.right])
    .paddingInner(0.25)
    .paddingOuter(0.1);
  const most = Math.max(1, ...bars.map(({ up }) => up));
  const least = Math.max(0, ...bars.map(({ down }) => down));
  const y = scaleLinear()
    .domain([-least, most])
    .nice(5)
    .range([height - margin.bottom, margin.top]);
  const round = (value: number) => Math.round(value * 10) / 10;
  const zero = round(y(0));
  let free = 0;
  return {
    width,
    height,
    left: margin.left,
    right: width - margin.right,
    top: margin.top,
    bottom: height - margin.bottom,
    zero,
    grid: y
      .ticks(5)
      .filter(Number.isInteger)
      .map((value) => ({ value: Math.abs(value), y: round(y(value)) })),
    bars: bars.map((bar, index) => {
      const left = round(x(index) ?? 0);
      const middle = round(left + x.bandwidth() / 2);
      const fits = bar.label !== '' && left >= free && left + labelWidth <= width;
      if (fits) free = left + labelWidth;
      return {
        ...bar,
        x: left,
        middle,
        width: round(x.bandwidth()),
        upTop: round(y(bar.up)),
        upHeight: round(zero - y(bar.up)),
        downHeight: round(y(-bar.down) - zero),
        label: fits ? bar.label : '',
      };
    }),
  };
}
