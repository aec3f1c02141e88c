import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Page } from '@playwright/test';

export interface Look {
  /** Only these rules. */
  rules?: string[];
  /** Not what this selector finds. */
  except?: string;
}

const source = readFileSync(fileURLToPath(import.meta.resolve('axe-core/axe.min.js')), 'utf8');
/** In the page, once the source is loaded there. */
declare const axe: typeof import('axe-core');

/**
 * What axe finds on a page and in the frames of its own origin: each broken rule with the elements that break it.
 *
 * `AxeBuilder` loads axe into the page twice for each look at it, which takes longer than the checks; here it is
 * loaded once. Only an `AxeBuilder` looks into frames of other origins.
 */
export async function axeFindings(page: Page, { rules, except }: Look = {}): Promise<string[]> {
  for (const frame of except === 'iframe' ? [page.mainFrame()] : page.frames()) {
    if (!(await frame.evaluate(() => 'axe' in window))) await frame.evaluate(source);
  }
  return page.evaluate(
    async ([only, exclude]) => {
      const { violations } = await axe.run(
        { exclude },
        { resultTypes: ['violations'], ...(only && { runOnly: { type: 'rule', values: only } }) },
      );
      return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
    },
    [rules, except ? [except] : []] as const,
  );
}
