/** One request to a service outside that nothing waits for: bounded in time and size, and never redirected. */

export type BriefAnswer =
  | { outcome: 'answered'; status: number; type: string; body: Buffer }
  /** One sentence. */
  | { outcome: 'failed'; problem: string };

const longestMillis = 15_000;
const mostBytes = 256 * 1024;

export async function readBriefly(url: string, init: RequestInit, signal: AbortSignal): Promise<BriefAnswer> {
  try {
    const response = await fetch(url, {
      ...init,
      redirect: 'error',
      signal: AbortSignal.any([signal, AbortSignal.timeout(longestMillis)]),
    });
    const parts: Uint8Array[] = [];
    let length = 0;
    for await (const part of response.body ?? []) {
      parts.push(part);
      length += part.length;
      if (length > mostBytes) {
        await response.body?.cancel().catch(() => undefined);
        return { outcome: 'failed', problem: 'Its answer is too long.' };
      }
    }
    const type = response.headers.get('content-type')?.split(';', 1)[0]?.trim().toLowerCase() ?? '';
    return { outcome: 'answered', status: response.status, type, body: Buffer.concat(parts) };
  } catch (error) {
    const timedOut = (error as Error).name === 'TimeoutError';
    return { outcome: 'failed', problem: timedOut ? 'It does not answer.' : 'It cannot be reached.' };
  }
}
