/** Migrates the database of the address it is given, as a starting process would. */
import { connect } from '#db/connect.ts';
import { migrate } from '#db/migrate.ts';

const db = await connect(process.argv[2] ?? '');
const { applied } = await migrate(db);
await db.destroy();
process.stdout.write(JSON.stringify(applied));
