import { docsPage } from './docs.ts';
import { openApi } from './openapi.ts';
import { type Operation, operation } from './operation.ts';

/** The operations that describe the others. */
export function documentationOf(operations: Operation[]): Operation[] {
  return [
    operation({
      id: 'openapi',
      method: 'GET',
      path: '/openapi.json',
      scope: null,
      summary: 'This API as OpenAPI 3.1.',
      answers: { 200: { description: 'OpenAPI 3.1' } },
      handle: async ({ app }) => ({ status: 200, body: openApi(app, operations) }),
    }),
    operation({
      id: 'docs',
      method: 'GET',
      path: '/docs',
      scope: null,
      summary: 'This API as a page to read.',
      produces: ['text/html'],
      answers: { 200: { description: 'A page' } },
      handle: async ({ app }) => docsPage(openApi(app, operations), operations),
    }),
  ];
}
