import { parseArgs } from 'node:util';
import type { ContactQuestion } from '#src/decisions/decide-contacts.ts';
import { audiences, channels, jurisdictions } from '#src/decisions/rule-table.ts';

/**
 * What `decide` and `scrub` ask, from their options. `undefined`, and a word on standard error, when wrong. `past`: the
 * command answers for a moment in the past, too.
 */
export function readQuestion(
  args: string[],
  usage: string,
  { past = false }: { past?: boolean } = {},
): { question: ContactQuestion; names: string[]; json: boolean } | undefined {
  try {
    const { values, positionals } = parseArgs({
      args,
      allowPositionals: true,
      options: {
        purpose: { type: 'string' },
        channel: { type: 'string' },
        audience: { type: 'string', default: 'consumer' },
        jurisdiction: { type: 'string', default: 'DE' },
        at: { type: 'string' },
        json: { type: 'boolean', default: false },
      },
    });
    const channel = channels.find((one) => one === values.channel);
    const audience = audiences.find((one) => one === values.audience);
    const jurisdiction = jurisdictions.find((one) => one === values.jurisdiction);
    const at = values.at === undefined ? undefined : new Date(values.at);
    if (!values.purpose || !channel || !audience || !jurisdiction) throw new Error(usage);
    if (at && !past) throw new Error(`This is answered as of now and takes no --at. ${usage}`);
    if (at && Number.isNaN(at.getTime())) throw new Error(`"${values.at}" is no time. ${usage}`);
    if (at && at.getTime() > Date.now()) throw new Error('Nobody knows what will be allowed then.');
    const { purpose } = values;
    const question = { purpose, channel, audience, jurisdiction, at: at?.toISOString() };
    return { question, names: positionals, json: values.json };
  } catch (error) {
    console.error(error instanceof Error ? error.message : usage);
    return undefined;
  }
}
