import type { Locale } from '#db/schema/vocabulary.ts';
import { escapeHtml } from '#src/i18n/html.ts';
import { localeSettings } from '#src/i18n/locales.ts';
import { inQuotes } from './words.ts';

/** What a mail is made of. Both parts are printed from the same blocks, so neither can say less than the other. */
export type Block =
  | { block: 'lead' | 'paragraph' | 'heading'; text: string }
  | { block: 'consent'; title: string; wording: string; locale: Locale; source: string }
  | { block: 'action' | 'link'; label: string; url: string }
  | { block: 'code'; code: string }
  | { block: 'answers'; groups: AnswerGroup[] };

export interface AnswerGroup {
  title: string;
  rows: {
    channel: string;
    answer: string;
    sign: string;
    tone: 'yes' | 'no' | 'waiting' | 'open';
    notes: string[];
  }[];
}

export function blockText(block: Block): string {
  switch (block.block) {
    case 'lead':
    case 'paragraph':
      return block.text;
    case 'heading':
      return `${block.text}\n${'-'.repeat(block.text.length)}`;
    case 'consent':
      return `${block.title}\n${inQuotes(block.wording, block.locale)}\n(${block.source})`;
    case 'action':
    case 'link':
      return `${block.label}:\n${block.url}`;
    case 'code':
      return `    ${block.code}`;
    case 'answers':
      return answersText(block.groups);
  }
}

export function blockHtml(block: Block): string {
  switch (block.block) {
    case 'lead':
      return `<p class="small">${escapeHtml(block.text)}</p>`;
    case 'paragraph':
      return `<p>${escapeHtml(block.text)}</p>`;
    case 'heading':
      return `<h2>${escapeHtml(block.text)}</h2>`;
    case 'consent':
      return consentHtml(block);
    case 'action':
      return `<p><a class="action" href="${escapeHtml(block.url)}">${escapeHtml(block.label)}</a></p>`;
    case 'link':
      return `<p><a href="${escapeHtml(block.url)}">${escapeHtml(block.label)}</a></p>`;
    case 'code':
      return `<p class="code">${escapeHtml(block.code)}</p>`;
    case 'answers':
      return `<table>\n${block.groups.map(answersHtml).join('\n')}\n</table>`;
  }
}

/** The wording fills an element of its own: it is what was agreed to, to the letter. */
function consentHtml({ title, wording, locale, source }: Extract<Block, { block: 'consent' }>): string {
  const [open, close] = localeSettings(locale).quotes;
  return [
    `<p class="label">${escapeHtml(title)}</p>`,
    `<blockquote>${open}<span lang="${locale}">${escapeHtml(wording)}</span>${close}</blockquote>`,
    `<p class="small source">${escapeHtml(source)}</p>`,
  ].join('\n');
}

function answersText(groups: AnswerGroup[]): string {
  const all = groups.flatMap(({ rows }) => rows);
  const width = (values: string[]) => Math.max(...values.map((value) => value.length)) + 3;
  const channelWidth = width(all.map((row) => row.channel));
  const answerWidth = width(all.map((row) => row.answer));
  const rowText = ({ channel, answer, notes }: AnswerGroup['rows'][number]) => {
    const [first = '', ...more] = notes;
    const line = `  ${channel.padEnd(channelWidth)}${answer.padEnd(answerWidth)}${first}`.trimEnd();
    return [line, ...more.map((note) => `${' '.repeat(2 + channelWidth)}${note}`)].join('\n');
  };
  return groups.map(({ title, rows }) => [title, ...rows.map(rowText)].join('\n')).join('\n\n');
}

function answersHtml({ title, rows }: AnswerGroup): string {
  const cells = rows.map(({ channel, answer, sign, tone, notes }) => {
    const word = `<span class="${tone}"><span aria-hidden="true">${sign}</span> ${escapeHtml(answer)}</span>`;
    const small = notes.map((note) => `<br><span class="small">${escapeHtml(note)}</span>`).join('');
    return `<tr><th scope="row">${escapeHtml(channel)}</th><td>${word}${small}</td></tr>`;
  });
  const heading = `<tr><th class="group" colspan="2" scope="rowgroup">${escapeHtml(title)}</th></tr>`;
  return `<tbody>\n${[heading, ...cells].join('\n')}\n</tbody>`;
}
