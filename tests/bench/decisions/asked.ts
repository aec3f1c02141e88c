/** Whom the bench asks about: nine of ten are known, in an order that has nothing to do with how they came. */
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { addressOf } from './seed.ts';

export function askedAddress(row: number, people: number): string {
  const scattered = Math.imul(row + 1, 2_654_435_761) >>> 0;
  const stranger = (Math.imul(row + 1, 40_503) >>> 8) % 10 === 0;
  return addressOf(stranger ? people + row : scattered % people);
}

export async function writeAskedFile(path: string, rows: number, people: number): Promise<void> {
  const file = createWriteStream(path);
  file.write('id,contact_point,name\r\n');
  for (let from = 0; from < rows; from += 10_000) {
    let text = '';
    for (let row = from; row < Math.min(rows, from + 10_000); row++) {
      text += `${row},${askedAddress(row, people)},Person ${row}\r\n`;
    }
    if (!file.write(text)) await once(file, 'drain');
  }
  file.end();
  await once(file, 'finish');
}
