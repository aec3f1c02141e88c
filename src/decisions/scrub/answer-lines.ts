import type { App } from '#src/app/app.ts';
import { sendingLinks } from '../sending-links.ts';
import type { DecidedLines } from './decide-lines.ts';
import type { Lines } from './table-format.ts';

/** Lines of the input, and where to resume after them. */
export interface Part {
  lines: Lines;
  /** In bytes, from the start of the input. */
  readTo: number;
}

/** The answers to some more lines. */
export interface AnsweredPiece {
  bytes: Buffer;
  /** How much of the input is answered by all pieces so far, in bytes. */
  readTo: number;
  rows: number;
  reasons: Map<string, number>;
}

/** Some thousand lines a piece: the answers to a whole batch would take too much memory. */
export function* answerLines(
  app: App,
  parts: Part[],
  { purposeId, decideAt }: DecidedLines,
): Generator<AnsweredPiece> {
  const count = parts.reduce((sum, { lines }) => sum + lines.count, 0);
  let answered = 0;
  let piece = emptyPiece(count);
  for (const { lines, readTo } of parts) {
    let text = '';
    for (let index = 0; index < lines.count; index++) {
      const { decision, contactPoint } = decideAt(answered);
      answered += 1;
      piece.reasons.set(decision.reason, (piece.reasons.get(decision.reason) ?? 0) + 1);
      const links = sendingLinks(app, decision.allowed, contactPoint, purposeId);
      text += lines.answered(index, { decision, links });
      if (text.length < textLength) continue;
      piece.out.add(text);
      text = '';
    }
    piece.out.add(text);
    piece.rows += lines.count;
    piece.readTo = readTo;
    if (piece.rows < rowsPerPiece) continue;
    yield finished(piece);
    piece = emptyPiece(count - answered);
  }
  if (piece.readTo > 0) yield finished(piece);
}

interface Piece extends Omit<AnsweredPiece, 'bytes'> {
  out: GrowingBuffer;
}

function emptyPiece(rowsLeft: number): Piece {
  const size = Math.min(rowsLeft, rowsPerPiece) * usualLength;
  return { out: growingBuffer(size), readTo: 0, rows: 0, reasons: new Map() };
}

function finished({ out, ...piece }: Piece): AnsweredPiece {
  return { ...piece, bytes: out.bytes() };
}

const rowsPerPiece = 8000;

/** Long texts cost more as garbage than short ones cost to encode. */
const textLength = 16 * 1024;

/** Of an answered line with its links. Memory that is never written to costs nothing. */
const usualLength = 512;

interface GrowingBuffer {
  add(text: string): void;
  bytes(): Buffer;
}

function growingBuffer(size: number): GrowingBuffer {
  let buffer = Buffer.allocUnsafe(size);
  let length = 0;
  return {
    add(text) {
      // In UTF-8 a UTF-16 code unit takes at most three bytes.
      if (buffer.length - length < text.length * 3) {
        const larger = Buffer.allocUnsafe(buffer.length * 2 + text.length * 3);
        buffer.copy(larger, 0, 0, length);
        buffer = larger;
      }
      length += buffer.write(text, length);
    },
    bytes: () => buffer.subarray(0, length),
  };
}
