import type { App } from '#src/app/app.ts';
import { addressFacts } from '../address-facts.ts';
import { type Age, ageOf } from '../age.ts';
import type { RuleContext } from '../answer.ts';
import type { FoundContactPoint, FoundPermission } from '../contact-points.ts';
import { decide } from '../decide.ts';
import { type ContactQuestion, loadQuestion } from '../decide-contacts.ts';
import type { Decision } from '../facts.ts';
import { permissionTimes } from '../permission-facts.ts';
import { variantsOf } from './line-variants.ts';
import { packedRowReader } from './packed-row-reader.ts';

/** What a line of a file is answered with. */
export type LineDecision = Pick<
  Decision,
  'allowed' | 'reason' | 'law' | 'valid_until' | 'allowed_again_at' | 'jurisdiction' | 'rules_version'
>;

/** The answer for a line, with its contact point. */
export interface DecidedLine {
  decision: LineDecision;
  contactPoint: FoundContactPoint | undefined;
}

export interface DecidedLines {
  purposeId: string | null;
  decideAt: (index: number) => DecidedLine;
}

/**
 * The decisions of `decideContacts` as of now, for thousands of addresses. Nearly all lines of a file share their facts
 * with many others and differ in the times of their permissions only; all that a decision makes of those times is an age.
 * So each kind of facts is decided once for each law and age. Everything else is decided line by line.
 */
export async function decideLines(
  app: App,
  question: Omit<ContactQuestion, 'at'>,
  contactPoints: Iterable<string>,
): Promise<DecidedLines> {
  const { contextAt, loaded, hashes } = await loadQuestion(
    app,
    app.db,
    question,
    contactPoints,
    packedRowReader,
  );
  const variantOf = variantsOf(loaded, hashes);
  const decided = new Map<object, Map<string, LineDecision>>();

  function decideAt(index: number): DecidedLine {
    const variant = variantOf(index);
    const context = contextAt(index);
    if (variant === undefined) {
      const { facts, contactPoint } = addressFacts(loaded, index, hashes[index]);
      return { decision: decide(context, facts), contactPoint };
    }
    const kind = loaded?.contactPoints.kind(index) ?? unknownAddresses;
    let byAge = decided.get(kind);
    if (!byAge) {
      byAge = new Map();
      decided.set(kind, byAge);
    }
    const contactPoint = loaded?.contactPoints.contactPoint(index);
    const key = context.question.jurisdiction + variant + ageOfLine(context, contactPoint?.permission);
    let decision = byAge.get(key);
    if (!decision) {
      decision = decide(context, addressFacts(loaded, index, hashes[index]).facts);
      byAge.set(key, decision);
    }
    return { decision, contactPoint };
  }

  function ageOfLine(context: RuleContext, permission: FoundPermission | undefined): Age {
    if (!permission) return 'not_given_yet';
    const text = loaded?.texts.get(permission.text_version_id ?? '');
    return ageOf(context.question.at, context.nonUse, permissionTimes(permission, text));
  }

  return { purposeId: loaded?.purpose.id ?? null, decideAt };
}

/** The kind of all addresses that no contact point has. */
const unknownAddresses = {};
