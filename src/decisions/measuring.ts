import type { Db } from '#db/connect.ts';
import type { App } from '#src/app/app.ts';
import { type ContactQuestion, decideContacts } from './decide-contacts.ts';
import type { Measuring } from './measured-words.ts';
import { findDecisionPurpose } from './purpose.ts';

/** The purpose whose consent allows to measure how somebody reads mails, where a company asks for it. */
const measuringPurpose = 'tracking-email';

/**
 * Being mailed and being measured are two consents (§ 25 TDDDG, law.md 2.5): only a consent of its own, to the company of
 * the question, carries the second one, and only what its words name. No other basis does.
 */
export async function mayMeasure(
  app: App,
  db: Db,
  question: ContactQuestion,
  contactPoints: string[],
): Promise<Measuring[]> {
  const mailed = await findDecisionPurpose(db, question.purpose);
  if (question.channel !== 'email' || !mailed) return contactPoints.map(() => nothing);
  const asked = { ...question, purpose: measuringPurpose, controller: mailed.controller.key };
  const decided = await decideContacts(app, db, { ...asked, productLine: undefined }, contactPoints);
  return decided.map(({ decision, found }) => {
    if (decision.reason !== 'consent_active') return nothing;
    return found.text?.measures ?? nothing;
  });
}

const nothing: Measuring = { opens: false, clicks: false };
