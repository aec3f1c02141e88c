import { findKeptDecision } from '#src/decisions/kept/find-kept.ts';
import { readArguments, UsageError } from './command.ts';
import { withApp } from './with-app.ts';

/** 0: found as it was given, 1: not found, or not what was kept. */
export async function decisionShowCommand(args: string[]): Promise<number> {
  const { values, positionals } = readArguments(args, {});
  const [id, ...more] = positionals;
  if (!id || more.length > 0) throw new UsageError('Name one decision: dec_…');
  return withApp(async (app) => {
    const kept = await findKeptDecision(app.db, id);
    if (!kept) {
      console.error(`There is no decision ${id}, or its term is over.`);
      return 1;
    }
    const { askedBy: asked_by, logIndex: log_index, ...others } = kept;
    if (values.json) console.log(JSON.stringify({ asked_by, log_index, ...others }));
    else {
      console.log(`${id}  ${kept.at}  asked by ${asked_by}  ${kept.proof}`);
      console.log(JSON.stringify({ question: kept.question, answer: kept.answer }, null, 2));
    }
    return kept.proof === 'changed' ? 1 : 0;
  });
}
