import { rmSync } from 'node:fs';
import { e2eFolder } from './e2e.ts';

export default function removeFolder(): void {
  rmSync(e2eFolder, { recursive: true, force: true });
}
