import type { ControllerTable } from '#db/schema/controllers.ts';
import type { Locale } from '#db/schema/vocabulary.ts';
import { escapeHtml } from '#src/i18n/html.ts';
import { numberText } from '#src/i18n/numbers.ts';
import { translator } from '#src/i18n/translate.ts';
import { type Block, blockHtml, blockText } from './blocks.ts';

/** A rendered mail. Placeholders stand for its secrets until it is sent: see `gaps.ts`. */
export interface Mail {
  subject: string;
  text: string;
  html: string;
}

export type MailController = Pick<
  ControllerTable,
  'legal_name' | 'privacy_email' | 'privacy_url' | 'privacy_version' | 'imprint'
>;

interface Letter {
  locale: Locale;
  subject: string;
  title: string;
  blocks: Block[];
  /** Their imprints are at the end of the mail. */
  controllers: MailController[];
  reference: string;
  /** The newest signed head of the log, so that each mailbox keeps one outside of our machines. */
  log?: LogHead | undefined;
}

export interface LogHead {
  size: number;
  /** Hex. */
  root: string;
}

/** The layout of every mail: no image, no remote content, no tracking. */
export function layOut(letter: Letter): Mail {
  return { subject: letter.subject, text: textPart(letter), html: htmlPart(letter) };
}

// Not the usual "-- ", because mail programs hide what follows it.
const rule = '-'.repeat(20);

function textPart({ locale, blocks, controllers, reference, log }: Letter): string {
  const t = translator(locale);
  const imprints = controllers.map(
    ({ imprint, privacy_version: version, privacy_url }) =>
      `${imprint}\n${t('mail.privacy', { version })}:\n${privacy_url}`,
  );
  const last = [t('mail.reference', { reference }), ...logLines(log, locale)].join('\n');
  const parts = [...blocks.map(blockText), rule, ...imprints, last];
  return `${parts.join('\n\n')}\n`;
}

function htmlPart({ locale, subject, title, blocks, controllers, reference, log }: Letter): string {
  const lines = (text: string) => text.split('\n').map(escapeHtml).join('<br>\n');
  const t = translator(locale);
  const imprints = controllers.map(
    ({ imprint, privacy_version: version, privacy_url }) => `<p>${lines(imprint)}</p>
<p><a href="${escapeHtml(privacy_url)}">${escapeHtml(t('mail.privacy', { version }))}</a></p>`,
  );
  return `<!doctype html>
<html lang="${locale}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<title>${escapeHtml(subject)}</title>
<style>${style}</style>
</head>
<body>
<div class="mail">
<h1>${escapeHtml(title)}</h1>
${blocks.map(blockHtml).join('\n')}
<div class="foot">
${imprints.join('\n')}
<p>${[t('mail.reference', { reference }), ...logLines(log, locale)].map(escapeHtml).join('<br>\n')}</p>
</div>
</div>
</body>
</html>
`;
}

/** The root in short: enough to tell two histories apart. */
function logLines(log: LogHead | undefined, locale: Locale): string[] {
  if (!log) return [];
  const size = numberText(log.size, locale);
  return [translator(locale)('mail.log', { size, root: log.root.slice(0, 16) })];
}

// Uses the mail program's own background and text colours, so that light and dark mode both work.
const style = `
:root { color-scheme: light dark; }
body { margin: 0; padding: 24px 16px 48px; font: 17px/1.5 system-ui, -apple-system, "Segoe UI", sans-serif; }
.mail { max-width: 40rem; margin: 0 auto; overflow-wrap: break-word; }
h1 { margin: 0 0 24px; font-size: 24px; line-height: 1.25; }
h2 { margin: 32px 0 8px; font-size: 17px; }
p { margin: 0 0 16px; }
a { color: #0b5f43; text-underline-offset: 3px; }
blockquote { margin: 0; padding: 0 0 0 16px; border-left: 4px solid #0b5f43; }
.small, .foot { font-size: 14px; color: #5c584f; }
.label { margin: 24px 0 8px; font-weight: bold; }
.source { margin: 8px 0 24px; padding-left: 20px; }
.action { display: inline-block; margin: 8px 0; padding: 10px 20px; border: 2px solid #0b5f43; border-radius: 6px; font-weight: bold; text-decoration: none; }
.code { font: bold 24px/1.5 ui-monospace, Consolas, monospace; letter-spacing: 4px; }
table { width: 100%; margin: 0 0 24px; border-collapse: collapse; font-variant-numeric: tabular-nums; }
th, td { padding: 8px 16px 8px 0; border-top: 1px solid #8f8a7e; text-align: left; vertical-align: top; }
td { width: 70%; padding-right: 0; }
th { font-weight: normal; }
.group { padding-top: 24px; border: 0; font-weight: bold; }
.yes { color: #0b5f43; font-weight: bold; }
.no { color: #9a3412; font-weight: bold; }
.waiting { color: #7a5200; font-weight: bold; }
.foot { margin-top: 48px; padding-top: 16px; border-top: 1px solid #8f8a7e; }
@media (prefers-color-scheme: dark) {
a, .yes { color: #6fd0a6; }
blockquote, .action { border-color: #6fd0a6; }
.small, .foot { color: #b5b0a5; }
.no { color: #f0a184; }
.waiting { color: #e5b95c; }
}
`;
