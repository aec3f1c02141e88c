import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Sample } from './exposition.ts';

/** Request durations by route pattern: `/p/[link]`, never the address itself. */
export interface RequestTimes {
  /** Measures this request until its answer is sent. `route` is called at that time, when the route is known. */
  watch: (request: IncomingMessage, response: ServerResponse, route: () => string) => void;
  samples: () => Sample[];
}

export function requestTimes(): RequestTimes {
  const byLabels = new Map<string, Times>();
  return {
    watch(request, response, route) {
      const startedAt = performance.now();
      response.once('close', () => {
        // The client closed the connection before there was an answer.
        if (!response.headersSent) return;
        const labels = { method: request.method ?? '', route: route(), status: classOf(response.statusCode) };
        const key = Object.values(labels).join(' ');
        const times = byLabels.get(key) ?? { labels, buckets: bounds.map(() => 0), count: 0, sum: 0 };
        byLabels.set(key, times);
        add(times, (performance.now() - startedAt) / 1000);
      });
    },
    samples: () => [...byLabels.values()].flatMap(samplesOf),
  };
}

interface Times {
  labels: Record<string, string>;
  /** The number of requests up to each bound. */
  buckets: number[];
  count: number;
  sum: number;
}

/** Seconds. */
const bounds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** `2xx`: a class, so that one route makes only a few series. */
function classOf(status: number): string {
  return `${Math.floor(status / 100)}xx`;
}

function add(times: Times, seconds: number): void {
  times.count += 1;
  times.sum += seconds;
  for (const [index, bound] of bounds.entries()) {
    if (seconds <= bound) times.buckets[index] = (times.buckets[index] ?? 0) + 1;
  }
}

function samplesOf({ labels, buckets, count, sum }: Times): Sample[] {
  return [
    ...bounds.map(
      (bound, index): Sample => ({
        suffix: '_bucket',
        labels: { ...labels, le: String(bound) },
        value: buckets[index] ?? 0,
      }),
    ),
    { suffix: '_bucket', labels: { ...labels, le: '+Inf' }, value: count },
    { suffix: '_sum', labels, value: sum },
    { suffix: '_count', labels, value: count },
  ];
}
