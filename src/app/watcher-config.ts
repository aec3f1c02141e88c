import { z } from 'zod';

/** Who outside of this machine remembers the log. */
export interface WatcherConfig {
  /** Each with its verifier key and its submission prefix (C2SP tlog-witness). */
  witnesses: { key: string; url: string }[];
  /** How many of them have to cosign a head. */
  witnessQuorum: number;
  /** A time-stamping service (RFC 3161). */
  stamps: { url: string; rootsFile: string; everyMinutes: number } | undefined;
}

/** What the environment may say of them. */
export const watcherVariables = {
  WITNESSES: z
    .string()
    .transform((text, context) => {
      const pairs = text
        .split(/[,\n]/)
        .map((pair) => pair.trim())
        .filter((pair) => pair !== '');
      const witnesses = pairs.map((pair) => {
        const [, key = '', url = ''] =
          /^([^\s+]+\+[0-9a-f]{8}\+[A-Za-z0-9+/]+={0,2})\s+(\S+)$/u.exec(pair) ?? [];
        const isWell = key !== '' && /^https?:/.test(url) && URL.canParse(url);
        if (!isWell)
          context.addIssue({
            code: 'custom',
            message: `must list "KEY URL" pairs, separated by commas; this is none: ${pair}`,
          });
        return { key, url };
      });
      if (new Set(witnesses.map(({ key }) => key.split('+')[0])).size < witnesses.length)
        context.addIssue({ code: 'custom', message: 'names a witness twice' });
      return witnesses;
    })
    .optional(),
  WITNESS_QUORUM: z
    .string()
    .regex(/^[1-9]\d?$/, 'must be a number of witnesses')
    .transform(Number)
    .optional(),
  TSA_URL: z
    .url({ protocol: /^https?$/, message: 'must be an address that starts with http:// or https://' })
    .optional(),
  TSA_ROOTS: z.string().optional(),
  TSA_MINUTES: z
    .string()
    .regex(/^[1-9]\d{0,3}$/, 'must be a number of minutes, 1 to 9999')
    .transform(Number)
    .default(60),
};

type Variables = z.infer<z.ZodObject<typeof watcherVariables>>;

export function watchersOf({
  WITNESSES = [],
  WITNESS_QUORUM,
  TSA_URL,
  TSA_ROOTS,
  TSA_MINUTES,
}: Variables): WatcherConfig {
  return {
    witnesses: WITNESSES,
    witnessQuorum: WITNESS_QUORUM ?? WITNESSES.length,
    stamps:
      TSA_URL && TSA_ROOTS ? { url: TSA_URL, rootsFile: TSA_ROOTS, everyMinutes: TSA_MINUTES } : undefined,
  };
}

/** What one variable says of another. */
export function watcherMistakes(env: Record<string, string | undefined>): string[] {
  const mistakes: string[] = [];
  const witnesses = (env.WITNESSES ?? '').split(/[,\n]/).filter((pair) => pair.trim() !== '').length;
  if (Number(env.WITNESS_QUORUM ?? 0) > witnesses)
    mistakes.push(`WITNESS_QUORUM is ${env.WITNESS_QUORUM}, and WITNESSES names ${witnesses}.`);
  if (env.TSA_URL && !env.TSA_ROOTS)
    mistakes.push(
      'TSA_ROOTS is missing. Set it to a PEM file with the root certificates of the service at TSA_URL.',
    );
  return mistakes;
}
