import type { Decision } from './facts.ts';

/** What a line of a file is answered with. It says nothing that depends on the exact hour of a yes or a use. */
export type LineDecision = Pick<
  Decision,
  'allowed' | 'reason' | 'law' | 'valid_until' | 'allowed_again_at' | 'missing'
>;

/** Decides about one of the addresses as if its times were these. An empty text stands for null. */
type DecideWith = (index: number, grantedAt: string, lastUsedAt: string) => Decision;

/**
 * Decides once for all that are alike, which a file of a million lines nearly all are.
 *
 * Of permissions that differ in their times only, a decision asks whether each lies before or after some moment. So
 * where it is the same for both ends of a span, it is the same in between. Such spans grow as lines come, each time
 * with a decision about every corner; a line within one has its answer already.
 */
export function decidingAlike(
  decideWith: DecideWith,
): (likeness: object, grantedAt: string, lastUsedAt: string, index: number) => LineDecision {
  const spansOf = new Map<object, Span[]>();

  return (likeness, grantedAt, lastUsedAt, index) => {
    if (!isComparable(grantedAt) || !isComparable(lastUsedAt))
      return decideWith(index, grantedAt, lastUsedAt);
    let spans = spansOf.get(likeness);
    if (!spans) {
      spans = [];
      spansOf.set(likeness, spans);
    }
    for (const span of spans) if (holds(span, grantedAt, lastUsedAt)) return span.decision;
    const decision = decideWith(index, grantedAt, lastUsedAt);
    const decideAs = (granted: string, used: string) => decideWith(index, granted, used);
    for (const span of spans)
      if (widen(span, grantedAt, lastUsedAt, decision, decideAs)) return span.decision;
    const alone = { from: grantedAt, to: grantedAt, usedFrom: lastUsedAt, usedTo: lastUsedAt };
    if (spans.length < mostSpans) spans.push({ ...alone, decision });
    return decision;
  };
}

/** Everything granted and used within it, ends included, is decided like this. */
interface Span {
  from: string;
  to: string;
  usedFrom: string;
  usedTo: string;
  decision: LineDecision;
}

const mostSpans = 8;

function holds({ from, to, usedFrom, usedTo }: Span, grantedAt: string, lastUsedAt: string): boolean {
  return grantedAt >= from && grantedAt <= to && lastUsedAt >= usedFrom && lastUsedAt <= usedTo;
}

function widen(
  span: Span,
  grantedAt: string,
  lastUsedAt: string,
  decision: LineDecision,
  decideAs: (grantedAt: string, lastUsedAt: string) => Decision,
): boolean {
  // What was never given or never used lies on no side of a moment.
  if ((span.from === '') !== (grantedAt === '') || (span.usedFrom === '') !== (lastUsedAt === ''))
    return false;
  if (!isSame(span.decision, decision)) return false;
  const from = grantedAt < span.from ? grantedAt : span.from;
  const to = grantedAt > span.to ? grantedAt : span.to;
  const usedFrom = lastUsedAt < span.usedFrom ? lastUsedAt : span.usedFrom;
  const usedTo = lastUsedAt > span.usedTo ? lastUsedAt : span.usedTo;
  const corners = [decideAs(from, usedFrom), decideAs(from, usedTo), decideAs(to, usedFrom)];
  if (![...corners, decideAs(to, usedTo)].every((corner) => isSame(corner, decision))) return false;
  Object.assign(span, { from, to, usedFrom, usedTo });
  return true;
}

function isSame(one: LineDecision, other: LineDecision): boolean {
  return (
    one.allowed === other.allowed &&
    one.reason === other.reason &&
    one.valid_until === other.valid_until &&
    // Too early and too late are the same reason, and in between is none.
    (one.missing === other.missing || one.missing.join() === other.missing.join()) &&
    one.allowed_again_at === other.allowed_again_at &&
    (one.law === other.law || one.law.join(';') === other.law.join(';'))
  );
}

/**
 * Texts are in the order of their times as long as they are written alike: `2026-11-02T09:00:00.000Z`. And what ends
 * some months later ends in that order too, but at the end of a month: from the 29th of February in the morning two
 * years lead before where they lead from the evening of the 28th. Such times are decided one by one.
 */
function isComparable(time: string): boolean {
  if (time === '') return true;
  return time.length === 24 && time.endsWith('Z') && !isAtMonthEnd(time);
}

function isAtMonthEnd(time: string): boolean {
  const [ten, one] = [time.charCodeAt(8), time.charCodeAt(9)];
  return ten === 0x33 || (ten === 0x32 && one === 0x39);
}
