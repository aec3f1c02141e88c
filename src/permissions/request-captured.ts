import { mayMail } from '#src/signups/mail-allowance.ts';
import { findOpenMailbox } from '#src/signups/mailbox-block.ts';
import { openSignup } from '#src/signups/open-signup.ts';
import type { CapturedText } from './capture-faults.ts';
import { type CaptureResult, captured } from './capture-result.ts';
import { type CheckedCapture, capturedFields, findPermission } from './checked-capture.ts';
import { weigh } from './weigh-evidence.ts';

/** Asks the mailbox to confirm a captured consent. The permission is `pending` until its owner answers. */
export async function requestCaptured(checked: CheckedCapture, text: CapturedText): Promise<CaptureResult> {
  const { tx, app, at, capture, by, address, purposeId, owner, before } = checked;
  const weight = weigh(capture);
  if (before?.settled_state === 'granted' && before.channel_verified === 1) {
    return captured(before, weight.missing, 'nothing');
  }
  const mailbox = await findOpenMailbox(tx, app.keys, address.value, at);
  const permit = mailbox && (await mayMail(tx, app, mailbox, at, 'by itself'));
  const { id, ref, wording, sha256, locale } = text;
  const request = {
    person: owner.person,
    mailbox: owner.point,
    form: null,
    locale,
    origin: by.origin,
    actor: by.actor,
    source: `capture:${capture.method}`,
    confirmWithinHours: 72,
    details: {},
    wishes: [
      {
        purposeId,
        purpose: capture.purpose,
        channel: capture.channel,
        contactPoint: owner.point,
        address: address.sendable,
        text: { id, ref, wording, sha256 },
      },
    ],
    evidence: { typed: capturedFields(capture), action: 'capture' },
  };
  await openSignup(tx, app, request, at, permit);
  const after = await findPermission(tx, owner.point.id, purposeId);
  return captured(after, weight.missing, permit ? 'mail' : 'nothing', weight.grade);
}
