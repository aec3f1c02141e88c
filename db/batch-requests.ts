/**
 * Requests that cost about the same for many as for one: those that arrive while a batch runs wait and form the next batch.
 * An answer includes everything that was written before its request was made.
 */
export interface RequestBatcher<Request, Answer> {
  ask(request: Request): Promise<Answer>;
}

/** `answerAll` returns one answer a request, in their order, or fails for all of them. `onIdle`: nothing waits any more. */
export function batchRequests<Request, Answer>(
  answerAll: (requests: Request[]) => Promise<Answer[]>,
  { limit, onIdle }: { limit: number; onIdle?: () => void },
): RequestBatcher<Request, Answer> {
  const waiting: Waiting<Request, Answer>[] = [];
  let running = false;

  async function run(): Promise<void> {
    running = true;
    while (waiting.length > 0) {
      const batch = waiting.splice(0, limit);
      try {
        const answers = await answerAll(batch.map(({ request }) => request));
        for (const [index, { resolve }] of batch.entries()) resolve(answers[index] as Answer);
      } catch (error) {
        for (const { reject } of batch) reject(error);
      }
    }
    running = false;
    onIdle?.();
  }

  return {
    ask: (request) =>
      new Promise((resolve, reject) => {
        waiting.push({ request, resolve, reject });
        if (!running) void run();
      }),
  };
}

interface Waiting<Request, Answer> {
  request: Request;
  resolve: (answer: Answer) => void;
  reject: (error: unknown) => void;
}

/**
 * Reads once for all of these keys; each row names the key that found it as `asked`. Returns the rows of each key, in the
 * order of the keys.
 */
export async function readForEach<Row extends { asked: string | null }>(
  keys: string[],
  read: (keys: string[]) => Promise<Row[]>,
): Promise<Row[][]> {
  const rows = await read([...new Set(keys)]);
  if (keys.length === 1) return [rows];
  const byKey = Map.groupBy(rows, (row) => row.asked);
  return keys.map((key) => byKey.get(key) ?? []);
}
