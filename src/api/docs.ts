import { createHash } from 'node:crypto';
import { escapeHtml } from '#src/i18n/html.ts';
import { paths } from '#src/routes.ts';
import { ApiResponse } from './answer.ts';
import type { Operation } from './operation.ts';

/** The documentation as one page: no script, nothing from elsewhere. */
export function docsPage(document: Record<string, unknown>, operations: Operation[]): ApiResponse {
  const base = escapeHtml(new URL((document.servers as { url: string }[])[0]?.url ?? '').origin);
  const described = document.paths as Record<string, Record<string, Described>>;
  const parts = operations.map(({ path, method, scope, details }) => {
    const one = described[path]?.[method.toLowerCase()];
    return one ? section(path, method, { scope, details }, one) : '';
  });
  const html = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>API – Jawort</title>
<style>${style}</style>
</head>
<body>
<main>
<h1>Jawort API</h1>
<p>May this address be contacted? Ask it like this:</p>
<pre tabindex="0">curl ${base}/api/v1/decisions -H 'Authorization: Bearer {key}' -H 'Content-Type: application/json' \\
  -d '{"purpose": "product-news", "channel": "email", "contact_points": ["anna@example.org"]}'</pre>
<p>Everything lies under <code>/api/v1</code> and wants <code>Authorization: Bearer {key}</code> unless it says otherwise; keys are made at <code>/staff/keys</code> or by <code>npm run jawort -- key add</code>.
Times are RFC 3339. An address is never part of a URL.</p>
<p>Faults are <code>application/problem+json</code> (RFC 9457): <code>errors[]</code> names each place by a JSON pointer.
A write that is sent again with the same <code>Idempotency-Key</code> within 24 hours changes nothing and gets the same answer.
Lists go on with <code>?cursor=</code> and the <code>next_cursor</code> of the page before.
<code>RateLimit</code> says how many requests are left; after a <code>429</code> wait <code>Retry-After</code> seconds.</p>
<p>Webhooks are signed by <a href="https://www.standardwebhooks.com/">Standard Webhooks</a>: check <code>webhook-signature</code> with the secret, take a <code>webhook-id</code> only once, and answer with 2xx within ten seconds. Any other answer is tried again for four days.</p>
<p>How to begin, every error and webhooks in three languages: <a href="${paths.guide('developers')}">guide for developers</a>.</p>
<p>The same as a machine reads it: <a href="/api/v1/openapi.json">openapi.json</a>.</p>
<nav aria-label="Operations"><ul>${operations.map(link).join('')}</ul></nav>
${parts.join('\n')}
${namedSchemas(document)}
</main>
<footer><p>Jawort is free software (AGPL-3.0-or-later): <a href="${paths.source({ lang: 'en' })}">source code</a>.</p></footer>
</body>
</html>
`;
  const headers = {
    'Content-Type': 'text/html; charset=utf-8',
    'Content-Security-Policy': `default-src 'none'; style-src '${styleHash}'; frame-ancestors 'none'; base-uri 'none'`,
  };
  return new ApiResponse(200, headers, html);
}

interface Described {
  operationId: string;
  summary: string;
  description: string;
  parameters: { name: string; in: string; required: boolean; schema: unknown; description?: string }[];
  requestBody?: { content: Content };
  responses: Record<string, { description: string; content?: Content }>;
}

/** By media type. */
type Content = Record<string, { schema: unknown; example?: unknown }>;

function link({ id, method, path }: Operation): string {
  return `<li><a href="#${id}"><code>${method} ${escapeHtml(path)}</code></a></li>`;
}

function section(
  path: string,
  method: string,
  { scope, details }: Pick<Operation, 'scope' | 'details'>,
  described: Described,
): string {
  const { operationId, summary, parameters, requestBody, responses } = described;
  const rows = parameters.map(
    (one) =>
      `<tr><td><code>${escapeHtml(one.name)}</code></td><td>${one.in}</td>` +
      `<td>${one.required ? 'needed' : 'optional'}</td><td><code>${escapeHtml(JSON.stringify(one.schema))}</code></td></tr>`,
  );
  return `<section id="${operationId}">
<h2><code>${method} ${escapeHtml(path)}</code></h2>
<p>${escapeHtml(summary)}</p>
${details ? `<p>${escapeHtml(details)}</p>` : ''}
<p>${scope === null ? 'No key needed.' : `Scope: <code>${scope}</code>`}</p>
${rows.length > 0 ? `<div tabindex="0" role="group" aria-label="Parameters"><table><thead><tr><th>Name</th><th>In</th><th><span class="muted">Needed</span></th><th>Schema</th></tr></thead><tbody>${rows.join('')}</tbody></table></div>` : ''}
${requestBody ? schemas('Body', requestBody.content) : ''}
${Object.entries(responses)
  .map(([status, { description, content = {} }]) => schemas(`${status}: ${description}`, content))
  .join('\n')}
</section>`;
}

function schemas(title: string, content: Content): string {
  const blocks = Object.entries(content).map(
    ([type, { schema, example }]) =>
      `<p><code>${escapeHtml(type)}</code></p>${example === undefined ? '' : block(textOf(example))}${block(textOf(schema))}`,
  );
  return `<details><summary>${escapeHtml(title)}</summary>${blocks.join('')}</details>`;
}

function namedSchemas(document: Record<string, unknown>): string {
  const { schemas: all } = document.components as { schemas: Record<string, unknown> };
  const parts = Object.entries(all).map(
    ([name, schema]) => `<h3 id="schema-${name}">${name}</h3>${block(textOf(schema))}`,
  );
  return `<section id="schemas"><h2>Schemas</h2>${parts.join('')}</section>`;
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value, null, 2);
}

/** A reference to a named schema leads to it. */
function block(text: string): string {
  const linked = escapeHtml(text).replace(
    /#\/components\/schemas\/(\w+)/g,
    (reference, name) => `<a href="#schema-${name}">${reference}</a>`,
  );
  return `<pre tabindex="0">${linked}</pre>`;
}

/** The look of our pages, in one piece: the document stands by itself. */
const style = `
:root{color-scheme:light dark;--paper:#fbfaf7;--field:#fff;--ink:#1c1b19;--muted:#5d594f;--line:#ddd8cb;--yes:#0b5f43}
@media (prefers-color-scheme:dark){:root{--paper:#141613;--field:#1c1f1b;--ink:#eceae4;--muted:#b0ada3;--line:#363a32;--yes:#6fd0a6}}
*{box-sizing:border-box}
body{font:.9375rem/1.55 system-ui,'Segoe UI','Noto Sans','Liberation Sans',sans-serif;margin:0 auto;max-width:64rem;padding:1.5rem 1.25rem 4rem;background:var(--paper);color:var(--ink)}
h1{font-size:1.75rem;line-height:1.25}
h2{font-size:1.0625rem;margin:2.5rem 0 .5rem;border-top:1px solid var(--line);padding-top:1.5rem}
p,li{max-width:66ch}
a{color:var(--yes)}
nav ul{columns:20rem;padding:0;list-style:none}
nav a{display:inline-block;padding:.3rem 0}
code,pre{font-family:ui-monospace,monospace;font-size:.875rem;overflow-wrap:anywhere}
pre{overflow:auto;max-height:30rem;border:1px solid var(--line);border-radius:4px;background:var(--field);padding:.75rem}
section>div{overflow-x:auto}
table{border-collapse:collapse;min-width:100%}
td,th{border-bottom:1px solid var(--line);padding:.4rem .75rem .4rem 0;text-align:left;vertical-align:top}
th{font-weight:620}
.muted{color:var(--muted)}
summary{cursor:pointer;padding:.35rem 0}
:focus-visible{outline:3px solid var(--ink);outline-offset:2px}
`;
const styleHash = `sha256-${createHash('sha256').update(style).digest('base64')}`;
