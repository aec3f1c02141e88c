import { setTimeout as wait } from 'node:timers/promises';
import { promisify } from 'node:util';
import { deflate, inflate, type ZlibOptions } from 'node:zlib';
import type { DecisionBatchTable } from '#db/schema/kept-decisions.ts';
import { newId } from '#src/ids/new-id.ts';
import { leafHash, merkleRoot } from '#src/log/merkle-tree.ts';
import { decisionId, type NumberedCall } from './call.ts';

/** A row with these calls: a line of JSON for each, which is a leaf of the batch's tree. */
export async function packCalls(writer: string, calls: NumberedCall[]): Promise<DecisionBatchTable> {
  const lines: string[] = [];
  const leaves: Uint8Array[] = [];
  for (const call of calls) {
    const line = lineOf(writer, call);
    lines.push(line);
    leaves.push(leafHash(Buffer.from(line)));
    // Requests go first, all that came meanwhile.
    if (lines.length % 10 === 0 || call.answers.length > 10) await wait(1);
  }
  const answers = calls.reduce((sum, call) => sum + call.answers.length, 0);
  const first = calls[0]?.first ?? 1;
  return {
    id: newId(),
    ...{ writer, first_number: first, last_number: first + answers - 1 },
    minute: calls[0]?.at.slice(0, 16) ?? '',
    ...{ calls: calls.length, answers },
    root: hexadecimal(merkleRoot(leaves)),
    content: (await deflated(lines.join('\n'), fastest)).toString('base64'),
    root_id: null,
  };
}

const deflated = promisify(deflate) as (text: string, options: ZlibOptions) => Promise<Buffer>;
const fastest: ZlibOptions = { level: 1 };
const inflated = promisify(inflate);

/** The lines of a batch. */
export async function unpackCalls(content: string): Promise<string[]> {
  return (await inflated(Buffer.from(content, 'base64'))).toString('utf8').split('\n');
}

/** Hexadecimal. */
export function rootOfLines(lines: string[]): string {
  return hexadecimal(merkleRoot(lines.map((line) => leafHash(Buffer.from(line)))));
}

function hexadecimal(hash: Uint8Array): string {
  return Buffer.from(hash).toString('hex');
}

function lineOf(writer: string, { first, askedBy, at, question, answers, hashes }: NumberedCall): string {
  const said = answers.map((answer, index) => {
    const kept = { ...answer, contact_point: hashes ? (hashes[index] ?? null) : undefined };
    return { id: decisionId(writer, first + index), ...kept };
  });
  return JSON.stringify({ asked_by: askedBy, at, question, answers: said });
}
