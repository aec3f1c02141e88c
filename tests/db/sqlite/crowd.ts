/** Writes notes side by side until it is killed, and says each id after it was answered. */
import { writeSync } from 'node:fs';
import { connect } from '#db/connect.ts';
import { asNotes, note } from '../notes.ts';

const [url = '', acts = '200'] = process.argv.slice(2);
const db = asNotes(await connect(url));

await Promise.all(
  Array.from({ length: Number(acts) }, async (_, number) => {
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
    writeSync(1, `${number}\n`);
  }),
);
await db.destroy();
