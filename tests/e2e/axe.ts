import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from '@playwright/test';

/**
 * Accessibility checks of a page and the frames of its own origin. Without the legacy mode axe opens and closes a
 * page for each look, to reach frames of other origins, which takes longer than the checks.
 */
export function axeOn(page: Page): AxeBuilder {
  return new AxeBuilder({ page }).setLegacyMode(true);
}
