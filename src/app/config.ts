import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { isWeakSecret } from '#src/secrets/secret-strength.ts';
import { type WatcherConfig, watcherMistakes, watchersOf, watcherVariables } from './watcher-config.ts';

/** What the environment says, checked once. Nobody else reads `process.env`. */
export interface Config extends WatcherConfig {
  production: boolean;
  databaseUrl: string;
  baseUrl: string;
  /** Undefined: this machine only in the demo, everywhere in production. */
  host: string | undefined;
  port: number;
  appSecret: string;
  /** How many proxies in front may be believed about the client's address. */
  trustProxy: number;
  mail: MailConfig;
  limits: boolean;
  /** How many confirmation mails the whole instance sends in an hour at most. */
  confirmMailsPerHour: number;
  logLevel: 'silent' | 'error' | 'warn' | 'info' | 'debug';
  metricsToken: string | undefined;
  resendWebhookSecret: string | undefined;
  /** Whether webhooks may go to addresses of one's own network, where a stranger's may reach what is not for them. */
  webhooksMayBePrivate: boolean;
  /** Where the source of this copy can be had, beside the archive that the instance itself gives. */
  sourceUrl: string | undefined;
  /** What signs the heads of the log. In production there is none until LOG_KEY_FILE names it. */
  logKey: { file: string; origin: string } | undefined;
}

export interface MailConfig {
  transport: 'file' | 'smtp' | 'resend';
  from: string;
  dir: string;
  smtpUrl: string | undefined;
  /** Neither the log-in nor a mail goes to the mail server without TLS. */
  smtpRequireTls: boolean;
  resendApiKey: string | undefined;
  resendBaseUrl: string | undefined;
}

export type ConfigResult =
  | { ok: true; config: Config }
  /** `config` is there when all values could be read: what else speaks against a start can then be told as well. */
  | { ok: false; mistakes: string[]; config?: Config };

/** Every mistake at once: an operator mends one list, not one line after the other. */
export function readConfig(environment: Record<string, string | undefined>): ConfigResult {
  const { values, mistakes } = withFiles(environment);
  const parsed = environmentSchema.safeParse(values);
  const wrong = parsed.error?.issues ?? [];
  mistakes.push(
    ...wrong.map((issue) => `${issue.path.join('.')}: ${issue.message}`),
    ...missing(values),
    ...unsafe(values),
    ...watcherMistakes(values),
  );
  if (!parsed.success) return { ok: false, mistakes };
  const config = configOf(parsed.data);
  return mistakes.length > 0 ? { ok: false, mistakes, config } : { ok: true, config };
}

function configOf(env: Environment): Config {
  // With port 0 the system chooses one; the server fills in the address once it knows.
  const baseUrl = env.BASE_URL ?? (env.PORT === 0 ? '' : `http://localhost:${env.PORT}`);
  return {
    production: env.NODE_ENV === 'production',
    databaseUrl: env.DATABASE_URL,
    baseUrl: baseUrl.replace(/\/+$/, ''),
    host: env.HOST,
    port: env.PORT,
    appSecret: env.APP_SECRET ?? demoSecret,
    trustProxy: env.TRUST_PROXY,
    mail: {
      transport: env.MAIL_TRANSPORT,
      from: env.MAIL_FROM ?? 'Muster Werkzeuge GmbH <consent@muster-werkzeuge.example>',
      dir: env.MAIL_DIR,
      smtpUrl: env.SMTP_URL,
      smtpRequireTls: requiresTls(env),
      resendApiKey: env.RESEND_API_KEY,
      resendBaseUrl: env.RESEND_BASE_URL,
    },
    limits: env.LIMITS === 'on',
    confirmMailsPerHour: env.CONFIRM_MAILS_PER_HOUR,
    logLevel: env.LOG_LEVEL,
    metricsToken: env.METRICS_TOKEN,
    resendWebhookSecret: env.RESEND_WEBHOOK_SECRET,
    webhooksMayBePrivate: env.WEBHOOK_PRIVATE_NETWORKS
      ? env.WEBHOOK_PRIVATE_NETWORKS === 'on'
      : env.NODE_ENV !== 'production',
    sourceUrl: env.SOURCE_URL,
    logKey: logKeyOf(env, baseUrl),
    ...watchersOf(env),
  };
}

/** Outside production the key lies beside the database, and the log has a name that stays the same on every port. */
function logKeyOf(env: Environment, baseUrl: string): Config['logKey'] {
  const production = env.NODE_ENV === 'production';
  const database = /^sqlite:(.+)$/.exec(env.DATABASE_URL)?.[1] ?? 'var/jawort.db';
  const file = env.LOG_KEY_FILE ?? (production ? undefined : join(dirname(database), 'log-key.pem'));
  if (!file) return undefined;
  const host = production && URL.canParse(baseUrl) ? new URL(baseUrl).host : 'demo.jawort.example';
  return { file, origin: env.LOG_ORIGIN ?? `${host}/log` };
}

/** Known to everyone, and refused in production. */
const demoSecret = 'jawort-demo-secret-that-everybody-knows';

const httpUrl = z.url({
  protocol: /^https?$/,
  message: 'must be an address that starts with http:// or https://',
});

/** Every address in a page or mail is this one and a path, so it can have none of its own. */
function isOrigin(address: string): boolean {
  return !URL.canParse(address) || `${new URL(address).origin}/` === new URL(address).href;
}

const environmentSchema = z.object({
  // A misspelt "production" must not bring up the demo with its known passwords.
  NODE_ENV: z
    .enum(['production', 'development', 'test'], { message: 'must be production, development or test' })
    .default('development'),
  DATABASE_URL: z
    .string()
    .default('sqlite:var/jawort.db')
    .refine((url) => /^(sqlite:.|postgres(ql)?:\/\/)/.test(url), {
      message: 'must start with sqlite: or postgres://',
    }),
  BASE_URL: httpUrl
    .refine(isOrigin, { message: 'must end after the host and port: paths are added to it' })
    .optional(),
  HOST: z.string().optional(),
  PORT: z
    .string()
    .regex(/^\d{1,5}$/, 'must be a port number')
    .transform(Number)
    .refine((port) => port <= 65535, { message: 'must be a port number' })
    .default(4321),
  APP_SECRET: z
    .string()
    .min(32, 'must have at least 32 characters; for example the output of: openssl rand -base64 48')
    .optional(),
  TRUST_PROXY: z
    .string()
    .default('0')
    .transform((value) => (value === 'true' ? 1 : value === 'false' ? 0 : Number(value)))
    .refine((hops) => Number.isInteger(hops) && hops >= 0 && hops <= 10, {
      message: 'must be true, false or the number of proxies in front (0 to 10)',
    }),
  MAIL_TRANSPORT: z
    .enum(['file', 'smtp', 'resend'], { message: 'must be file, smtp or resend' })
    .default('file'),
  MAIL_FROM: z
    .string()
    .regex(/^[^\r\n]*@[^\r\n]+$/, 'must be a mail address, or a name and <address>')
    .optional(),
  MAIL_DIR: z.string().default('var/mail'),
  RESEND_API_KEY: z.string().optional(),
  RESEND_BASE_URL: httpUrl.optional(),
  RESEND_WEBHOOK_SECRET: z.string().optional(),
  SMTP_URL: z
    .url({ protocol: /^smtps?$/, message: 'must start with smtp:// or smtps://' })
    .refine((url) => !decidesAboutTls(url), {
      message: 'must not decide about TLS after the "?"; smtps:// and SMTP_REQUIRE_TLS do',
    })
    .optional(),
  SMTP_REQUIRE_TLS: z.enum(['on', 'off'], { message: 'must be on or off' }).optional(),
  METRICS_TOKEN: z.string().min(16, 'must have at least 16 characters').optional(),
  CONFIRM_MAILS_PER_HOUR: z
    .string()
    .regex(/^[1-9]\d{0,6}$/, 'must be a number of mails, 1 to 9999999')
    .transform(Number)
    .default(1000),
  LIMITS: z.enum(['on', 'off'], { message: 'must be on or off' }).default('on'),
  SOURCE_URL: httpUrl.optional(),
  LOG_KEY_FILE: z.string().optional(),
  LOG_ORIGIN: z
    .string()
    .regex(/^[^\s+]+$/u, 'must have no blank and no "+"; for example consent.example.org/log')
    .optional(),
  ...watcherVariables,
  WEBHOOK_PRIVATE_NETWORKS: z.enum(['on', 'off'], { message: 'must be on or off' }).optional(),
  LOG_LEVEL: z
    .enum(['silent', 'error', 'warn', 'info', 'debug'], {
      message: 'must be silent, error, warn, info or debug',
    })
    .default('info'),
});

type Environment = z.infer<typeof environmentSchema>;

/** nodemailer takes options out of the query, and these would undo what SMTP_REQUIRE_TLS says, or name another server. */
function decidesAboutTls(url: string): boolean {
  const options = /^(?:requireTLS|ignoreTLS|opportunisticTLS|secure|service|host|port)$/i;
  return URL.canParse(url) && [...new URL(url).searchParams.keys()].some((name) => options.test(name));
}

/** A server on this very machine needs no TLS, unless somebody says so. */
function requiresTls({ SMTP_REQUIRE_TLS, SMTP_URL }: Environment): boolean {
  return SMTP_REQUIRE_TLS ? SMTP_REQUIRE_TLS === 'on' : !isLoopback(SMTP_URL);
}

function isLoopback(url: string | undefined): boolean {
  const host = url && URL.canParse(url) ? new URL(url).hostname : '';
  return /^(?:(?:.+\.)?localhost|127(?:\.\d{1,3}){3}|\[::1\])$/i.test(host);
}

const secrets = [
  'DATABASE_URL',
  'APP_SECRET',
  'RESEND_API_KEY',
  'RESEND_WEBHOOK_SECRET',
  'SMTP_URL',
  'METRICS_TOKEN',
];

/** Each secret may also lie in a file: `APP_SECRET_FILE=/run/secrets/app`. */
function withFiles(environment: Record<string, string | undefined>) {
  const mistakes: string[] = [];
  // An empty value in a compose file means "not set".
  const values = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
  for (const name of secrets) {
    const file = values[`${name}_FILE`];
    if (!file) continue;
    if (values[name]) mistakes.push(`${name} and ${name}_FILE are both set. Keep one of them.`);
    try {
      values[name] = readFileSync(file, 'utf8').trim();
    } catch {
      mistakes.push(`${name}_FILE: the file ${file} cannot be read.`);
    }
  }
  return { values, mistakes };
}

function missing(env: Record<string, string | undefined>): string[] {
  const mistakes: string[] = [];
  const transport = env.MAIL_TRANSPORT ?? 'file';
  const need = (name: string, why: string) => {
    if (!env[name]) mistakes.push(`${name} is missing. ${why}`);
  };
  if (transport === 'resend') {
    need('RESEND_API_KEY', 'Set it, or set MAIL_TRANSPORT=file to keep mails on disk.');
  }
  if (transport === 'smtp') {
    need('SMTP_URL', 'Set it, for example smtp://user:password@mail.example.org:587.');
  }
  if (env.NODE_ENV !== 'production') return mistakes;
  need('APP_SECRET', 'In production nothing is assumed; make one with: openssl rand -base64 48');
  need('BASE_URL', 'In production nothing is assumed; it is the address that people see.');
  need('MAIL_FROM', 'In production nothing is assumed; it is the sender of every mail.');
  if (transport === 'file') {
    mistakes.push('MAIL_TRANSPORT is file. In production mails have to be sent: set it to smtp or resend.');
  }
  return mistakes;
}

/** What works, and must not be in production. */
function unsafe(env: Record<string, string | undefined>): string[] {
  if (env.NODE_ENV !== 'production') return [];
  const faults: [boolean, string][] = [
    [env.APP_SECRET === demoSecret, 'APP_SECRET is the one of the demo. Make your own.'],
    [
      env.APP_SECRET !== undefined && env.APP_SECRET.length >= 32 && isWeakSecret(env.APP_SECRET),
      'APP_SECRET can be guessed: it repeats itself or follows a pattern. Make one with: openssl rand -base64 48',
    ],
    [
      env.LIMITS === 'off',
      'LIMITS is off. In production anyone could make this server send mails and guess passwords: remove it.',
    ],
    [
      isClear(env.BASE_URL),
      'BASE_URL starts with http://, so every link in a mail would be opened without TLS. Use https://.',
    ],
    [
      env.MAIL_TRANSPORT === 'resend' && isClear(env.RESEND_BASE_URL),
      'RESEND_BASE_URL starts with http://, so the key and every mail would travel without TLS. Use https://.',
    ],
  ];
  return faults.filter(([wrong]) => wrong).map(([, fault]) => fault);
}

function isClear(url: string | undefined): boolean {
  return /^http:/i.test(url ?? '') && !isLoopback(url);
}
