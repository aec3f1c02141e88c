import type { SendingLinks } from '../sending-links.ts';
import type { LineDecision } from './decide-lines.ts';
import type { LineAnswer } from './table-format.ts';

/**
 * What is added to a line, with its end. Lines with the same decision get the same text except for their links.
 */
export function answerCells(
  delimiter: string,
  cell: (text: string) => string,
): (answer: LineAnswer, fault: string | undefined) => string {
  const heads = new WeakMap<LineDecision, string>();
  const noLinks = delimiter.repeat(5);
  // All links have the same beginning and end in letters and digits: when the first needs no quotes, none does.
  let areLinksPlain: boolean | undefined;

  function headOf(decision: LineDecision): string {
    const cached = heads.get(decision);
    if (cached !== undefined) return cached;
    const { allowed, reason, law, valid_until, allowed_again_at, jurisdiction, rules_version } = decision;
    const times = [valid_until ?? '', allowed_again_at ?? ''];
    const cells = [allowed ? 'true' : 'false', reason, law.join('; '), ...times, jurisdiction, rules_version];
    const head = cells.map(cell).join(delimiter);
    heads.set(decision, head);
    return head;
  }

  function linkCells(links: SendingLinks): string {
    const { preferences_url, unsubscribe_url, list_unsubscribe, list_unsubscribe_post } = links;
    if (unsubscribe_url === null) return noLinks;
    if (areLinksPlain) {
      return `${delimiter}${preferences_url}${delimiter}${unsubscribe_url}${delimiter}${list_unsubscribe}${delimiter}${list_unsubscribe_post}${delimiter}`;
    }
    const own = [preferences_url, unsubscribe_url, list_unsubscribe, list_unsubscribe_post];
    areLinksPlain ??= own.every((link) => link !== null && cell(link) === link);
    return `${delimiter}${own.map((link) => cell(link ?? '')).join(delimiter)}${delimiter}`;
  }

  return ({ decision, links }, fault) =>
    `${headOf(decision)}${linkCells(links)}${fault === undefined ? '' : cell(fault)}\r\n`;
}
