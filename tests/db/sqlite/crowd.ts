/** Writes notes side by side until it is killed, and says each id after it was answered. */
import { writeSync } from 'node:fs';
import { connect } from '#db/connect.ts';
import { asNotes, note } from '../notes.ts';

const [url = ''] = process.argv.slice(2);
const db = asNotes(await connect(url));
const together = 200;

for (let first = 0; ; first += together) {
  await Promise.all(Array.from({ length: together }, (_, index) => act(first + index)));
}

async function act(number: number): Promise<void> {
  await db.transaction().execute(async (tx) => {
    await tx
      .insertInto('notes')
      .values(note(`${number}-a`))
      .execute();
    await tx
      .insertInto('notes')
      .values(note(`${number}-b`))
      .execute();
  });
  // Fails, and ends this process, when nobody listens any more.
  writeSync(1, `${number}\n`);
}
