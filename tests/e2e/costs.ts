/** What a page costs whoever looks at it, as the browser measures it, in the page itself and in its frames. */
import type { Page } from '@playwright/test';

export interface Costs {
  /** Of the layout, without what follows at once on an act of the person. */
  shifts: number[];
  /** Longer than 50 ms. */
  tasks: number[];
}

export async function watchCosts(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const costs: Costs = { shifts: [], tasks: [] };
    Object.assign(window, { costs });
    type Shift = PerformanceEntry & { value: number; hadRecentInput: boolean };
    new PerformanceObserver((list) => {
      for (const { value, hadRecentInput } of list.getEntries() as Shift[])
        if (!hadRecentInput) costs.shifts.push(value);
    }).observe({ type: 'layout-shift', buffered: true });
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) costs.tasks.push(entry.duration);
    }).observe({ type: 'longtask', buffered: true });
  });
}

export async function costsOf(page: Page): Promise<Costs> {
  const all = await Promise.all(
    page.frames().map((frame) => frame.evaluate(() => (window as unknown as { costs: Costs }).costs)),
  );
  return { shifts: all.flatMap(({ shifts }) => shifts), tasks: all.flatMap(({ tasks }) => tasks) };
}

/** As slow as a cheap phone. */
export async function slowDown(page: Page, rate: number): Promise<void> {
  const session = await page.context().newCDPSession(page);
  await session.send('Emulation.setCPUThrottlingRate', { rate });
  for (const frame of page.frames().slice(1)) {
    // A frame of the same process is as slow as its page already.
    const own = await page
      .context()
      .newCDPSession(frame)
      .catch(() => undefined);
    await own?.send('Emulation.setCPUThrottlingRate', { rate });
  }
}
