import type { Tx } from '#db/connect.ts';
import type { Locale } from '#db/schema/vocabulary.ts';
import type { App } from '#src/app/app.ts';
import type { MatrixCell } from '#src/ledger/permission-matrix.ts';
import { type Client, clientHint } from '#src/limits/client.ts';
import { contactPointValue } from '#src/people/contact-points.ts';
import { mayMail } from '#src/signups/mail-allowance.ts';
import { findOpenMailbox } from '#src/signups/mailbox-block.ts';
import { openSignup } from '#src/signups/open-signup.ts';
import { type LiveText, textKey } from './live-texts.ts';
import type { FoundLink } from './open-link.ts';
import type { Change } from './withdraw.ts';

interface NewConsents {
  /** What the person wants to allow. */
  cells: MatrixCell[];
  texts: Map<string, LiveText>;
  client: Client;
  locale: Locale;
}

/**
 * Opens a signup for these cells, with the live texts and a confirmation mail. `undefined`: the mailbox must not get
 * such a mail, so nothing was requested.
 */
export async function requestConsents(
  tx: Tx,
  app: App,
  { person, mailbox }: FoundLink,
  { cells, texts, client, locale }: NewConsents,
): Promise<Change[] | undefined> {
  const at = app.now();
  const wishes = cells.flatMap((cell) => {
    const text = texts.get(textKey(cell.purposeId, cell.channel));
    if (!cell.contactPointId || !text || !mailbox) return [];
    const contactPoint = { ...mailbox, id: cell.contactPointId };
    const address = cell.contactPoint ?? '';
    return [
      {
        purposeId: cell.purposeId,
        purpose: cell.purpose,
        channel: cell.channel,
        contactPoint,
        address,
        text,
      },
    ];
  });
  if (wishes.length === 0 || !mailbox) return [];
  const open = await findOpenMailbox(tx, app.keys, contactPointValue(person, mailbox), at);
  if (!open) return undefined;
  const permit = await mayMail(tx, app, open, at, 'by manage link');
  const request = {
    person,
    mailbox,
    form: null,
    locale,
    origin: 'preference_centre' as const,
    source: null,
    confirmWithinHours: 72,
    details: {},
    wishes,
    evidence: {
      typed: { yes: wishes.map((wish) => `${wish.purpose}:${wish.channel}`) },
      action: 'POST preferences',
      client: clientHint(client),
    },
  };
  await openSignup(tx, app, request, at, permit);
  return cells.map((cell) => ({
    purpose: cell.purpose,
    channel: cell.channel,
    from: cell.state,
    to: 'pending' as const,
  }));
}
