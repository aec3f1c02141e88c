const mailboxes = [
  'gmail.com',
  'googlemail.com',
  'gmx.de',
  'gmx.net',
  'web.de',
  't-online.de',
  'freenet.de',
  'posteo.de',
  'mailbox.org',
  'hotmail.com',
  'hotmail.de',
  'outlook.com',
  'outlook.de',
  'yahoo.com',
  'yahoo.de',
  'icloud.com',
];

/** The address that was probably meant: one slip away from one of the large providers. Only ever a hint. */
export function likelyMeant(address: string): string | undefined {
  const [, name = '', domain = ''] = /^(.+)@([^@]+)$/.exec(address) ?? [];
  const typed = domain.toLowerCase();
  if (mailboxes.includes(typed)) return undefined;
  const meant = mailboxes.find((mailbox) => isOneSlipAway(typed, mailbox));
  return meant && `${name}@${meant}`;
}

/** One letter wrong, missing or too many, or two neighbours swapped. */
function isOneSlipAway(typed: string, meant: string): boolean {
  let start = 0;
  while (start < typed.length && typed[start] === meant[start]) start += 1;
  const rest = typed.slice(start);
  const right = meant.slice(start);
  const swapped = (right[1] ?? '') + (right[0] ?? '') + right.slice(2);
  return [
    rest.slice(1) === right.slice(1),
    rest.slice(1) === right,
    rest === right.slice(1),
    rest === swapped,
  ].includes(true);
}
