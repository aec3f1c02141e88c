import { z } from 'zod';
import { storeFileForCaptures } from '#src/permissions/evidence-files.ts';
import { maxFileBytes, readScan } from '#src/permissions/scan.ts';
import { operation } from './operation.ts';
import { ApiProblem, unprocessable } from './problem.ts';

export const evidenceFilesOperation = operation({
  id: 'handInEvidenceFile',
  method: 'POST',
  path: '/evidence-files',
  scope: 'write',
  summary: 'A scan or recording itself, before or after the capture that names it by its SHA-256.',
  details:
    'PDF, JPEG, PNG, TIFF, WAV, MP3 or OGG, at most 25 MB, read from its bytes, never from its type. Until it is here, a ' +
    'signed consent is not usable, and answers about a recorded one have the flag `evidence_elsewhere`. A file that no ' +
    'capture names within 30 days is deleted.',
  streams: ['*/*'],
  file: maxFileBytes,
  answers: {
    201: {
      description: 'It is here',
      schema: z.object({ sha256: z.string(), type: z.string(), size: z.number().int() }),
    },
  },
  act: async (tx, { app, body }) => {
    const bytes = body as Uint8Array;
    const scan = readScan(bytes, maxFileBytes);
    if (scan === 'too_large') throw new ApiProblem(413, `The file is longer than ${maxFileBytes} bytes.`);
    if (scan === 'unknown_type') {
      const message = 'This is no PDF, JPEG, PNG, TIFF, WAV, MP3 or OGG.';
      throw unprocessable({ pointer: '', code: 'unknown_type', message });
    }
    await storeFileForCaptures(tx, app, scan);
    return { status: 201, body: { sha256: scan.sha256, type: scan.type, size: bytes.length } };
  },
});
