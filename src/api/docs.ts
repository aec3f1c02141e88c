import { createHash } from 'node:crypto';
import { escapeHtml } from '#src/i18n/html.ts';
import type { Operation } from './operation.ts';

/** The documentation as one page: no script, nothing from elsewhere. */
export function docsPage(document: Record<string, unknown>, operations: Operation[]): Response {
  const paths = document.paths as Record<string, Record<string, Described>>;
  const parts = operations.map(({ path, method, scope }) => {
    const described = paths[path]?.[method.toLowerCase()];
    return described ? section(path, method, scope, described) : '';
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
<p>Everything lies under <code>/api/v1</code> and wants <code>Authorization: Bearer {key}</code> unless it says otherwise.
Faults are <code>application/problem+json</code>. The same as a machine reads it: <a href="/api/v1/openapi.json">openapi.json</a>.</p>
<nav aria-label="Operations"><ul>${operations.map(link).join('')}</ul></nav>
${parts.join('\n')}
</main>
</body>
</html>
`;
  return new Response(html, {
    headers: {
      'Content-Type': 'text/html; charset=utf-8',
      'Content-Security-Policy': `default-src 'none'; style-src '${styleHash}'; frame-ancestors 'none'; base-uri 'none'`,
    },
  });
}

interface Described {
  operationId: string;
  summary: string;
  description: string;
  parameters: { name: string; in: string; required: boolean; schema: unknown; description?: string }[];
  requestBody?: { content: Record<string, { schema: unknown }> };
  responses: Record<string, { description: string; content?: Record<string, { schema: unknown }> }>;
}

function link({ id, method, path }: Operation): string {
  return `<li><a href="#${id}"><code>${method} ${escapeHtml(path)}</code></a></li>`;
}

function section(path: string, method: string, scope: string | null, described: Described): string {
  const { operationId, summary, parameters, requestBody, responses } = described;
  const rows = parameters.map(
    (one) =>
      `<tr><td><code>${escapeHtml(one.name)}</code></td><td>${one.in}</td>` +
      `<td>${one.required ? 'needed' : 'optional'}</td><td><code>${escapeHtml(JSON.stringify(one.schema))}</code></td></tr>`,
  );
  return `<section id="${operationId}">
<h2><code>${method} ${escapeHtml(path)}</code></h2>
<p>${escapeHtml(summary)}</p>
<p>${scope === null ? 'No key needed.' : `Scope: <code>${scope}</code>`}</p>
${rows.length > 0 ? `<table><thead><tr><th>Name</th><th>In</th><th></th><th>Schema</th></tr></thead><tbody>${rows.join('')}</tbody></table>` : ''}
${requestBody ? schemas('Body', requestBody.content) : ''}
${Object.entries(responses)
  .map(([status, { description, content = {} }]) => schemas(`${status}: ${description}`, content))
  .join('\n')}
</section>`;
}

function schemas(title: string, content: Record<string, { schema: unknown }>): string {
  const blocks = Object.entries(content).map(
    ([type, { schema }]) =>
      `<p><code>${escapeHtml(type)}</code></p><pre tabindex="0">${escapeHtml(JSON.stringify(schema, null, 2))}</pre>`,
  );
  return `<details><summary>${escapeHtml(title)}</summary>${blocks.join('')}</details>`;
}

const style = `
:root{color-scheme:light dark}
body{font:1rem/1.5 system-ui,sans-serif;margin:0 auto;max-width:60rem;padding:1rem}
h2{font-size:1.2rem;margin:2rem 0 .5rem;border-top:1px solid;padding-top:1rem}
code,pre{font-family:ui-monospace,monospace;font-size:.9em;overflow-wrap:anywhere}
pre{overflow:auto;max-height:30rem;border:1px solid;padding:.5rem}
table{border-collapse:collapse}td,th{border:1px solid;padding:.25rem .5rem;text-align:left}
summary{cursor:pointer;padding:.25rem 0}
`;
const styleHash = `sha256-${createHash('sha256').update(style).digest('base64')}`;
