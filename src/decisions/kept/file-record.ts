import { createHash } from 'node:crypto';
import type { App } from '#src/app/app.ts';
import type { ContactQuestion } from '../decide-contacts.ts';
import { decisionId } from './call.ts';
import { keeperOf, newWriter } from './keeper.ts';

/**
 * What is kept of a file that was decided: no line of it, but hashes that show whether a file is the one that was given.
 * The file is the caller's: a root over its rows would only repeat what the hash of all of them says.
 */
export interface FileRecord {
  id: string;
  input(bytes: Uint8Array): void;
  /** A piece of the answer, and how many of its rows got which reason. */
  output(piece: { bytes: Uint8Array; rows: number; reasons: ReadonlyMap<string, number> }): void;
  /** `complete` is false when nobody read the answer to its end. */
  end(complete: boolean): void;
}

export function openFileRecord(app: App, askedBy: string, question: Partial<ContactQuestion>): FileRecord {
  const writer = newWriter();
  const [input, output] = [createHash('sha256'), createHash('sha256')];
  const reasons: Record<string, number> = {};
  let rows = 0;
  return {
    id: decisionId(writer, 1),
    input: (bytes) => void input.update(bytes),
    output(piece) {
      output.update(piece.bytes);
      rows += piece.rows;
      for (const [reason, count] of piece.reasons) reasons[reason] = (reasons[reason] ?? 0) + count;
    },
    end(complete) {
      const file = {
        ...{ rows, reasons, complete },
        input_sha256: input.digest('hex'),
        output_sha256: output.digest('hex'),
      };
      const at = app.now().toISOString();
      keeperOf(app).keepFile(writer, { askedBy, at, question, answers: [file] });
    },
  };
}
