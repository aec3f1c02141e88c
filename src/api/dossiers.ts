import { z } from 'zod';
import { makeDossier } from '#src/dossiers/make-dossier.ts';
import { ApiResponse } from './answer.ts';
import { contactPoint, operation, time } from './operation.ts';
import { ApiProblem, unprocessable } from './problem.ts';

const at = time.optional().meta({ description: 'As of when. Without it: now.' });

export const dossiersOperation = operation({
  id: 'makeDossier',
  method: 'POST',
  path: '/dossiers',
  scope: 'evidence',
  summary: 'Everything about a permission, or about the owner of an address, as a zip that proves itself.',
  details:
    'Texts, form, mails, scans and evidence, each with its proof in the transparency log, and `verify.mjs`, which checks ' +
    'them without this server. The audit trail has an entry for each dossier. A number that several people share is a ' +
    '`409`: name the permission instead.',
  body: z.union([
    z.strictObject({ permission_id: z.string().min(1).max(100), at }),
    z.strictObject({ contact_point: contactPoint, at }),
  ]),
  produces: ['application/zip'],
  answers: { 200: { description: 'The dossier' } },
  handle: async ({ app, body, key }) => {
    const now = app.now().toISOString();
    if (body.at !== undefined && body.at > now) {
      throw unprocessable({ pointer: '/at', code: 'in_future', message: 'This has not come yet.' });
    }
    const subject =
      'permission_id' in body ? { permissionId: body.permission_id } : { address: body.contact_point };
    const by = { actor: null, note: { key: key.id, key_name: key.name } };
    const made = await makeDossier(app, subject, body.at ?? now, by);
    switch (made.outcome) {
      case 'made':
        return new ApiResponse(200, zipHeaders, chunksOf(made.zip));
      case 'not_an_address':
        throw unprocessable({
          pointer: '/contact_point',
          code: 'invalid',
          message: 'This is not an address.',
        });
      case 'unknown':
        throw new ApiProblem(404, 'Nothing is known of it, or was known then.');
      case 'shared':
        throw new ApiProblem(409, 'Several people have this address. Name the permission instead.');
      case 'not_signed':
        throw new ApiProblem(503, made.message);
    }
  },
});

const zipHeaders = {
  'Content-Type': 'application/zip',
  'Content-Disposition': 'attachment; filename="dossier.zip"',
  'Cache-Control': 'no-store',
};

async function* chunksOf(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
