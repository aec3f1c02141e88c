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
  summary: 'Uploads a scan or recording, before or after the capture that names it by its SHA-256.',
  details:
    'PDF, JPEG, PNG, TIFF, WAV, MP3 or OGG, at most 25 MB. Its type is read from its bytes. Until it is uploaded, a ' +
    'signed consent is not usable, and answers about a recorded one have the flag `evidence_elsewhere`. A file that no ' +
    'capture names within 30 days is deleted.',
  streams: ['*/*'],
  file: maxFileBytes,
  answers: {
    201: {
      description: 'Stored',
      schema: z.object({ sha256: z.string(), type: z.string(), size: z.number().int() }),
    },
  },
  write: async (tx, { app, body }) => {
    const bytes = body as Uint8Array;
    const scan = readScan(bytes, maxFileBytes);
    if (scan === 'too_large') throw new ApiProblem(413, `The file is longer than ${maxFileBytes} bytes.`);
    if (scan === 'unknown_type') {
      const message = 'This is not a PDF, JPEG, PNG, TIFF, WAV, MP3 or OGG file.';
      throw unprocessable({ pointer: '', code: 'unknown_type', message });
    }
    await storeFileForCaptures(tx, app, scan);
    return { status: 201, body: { sha256: scan.sha256, type: scan.type, size: bytes.length } };
  },
});
