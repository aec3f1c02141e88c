import { first } from '#src/forms/fields.ts';
import { isClosed } from '#src/forms/form-switches.ts';
import { allowFraming } from '#src/http/embed.ts';
import { frameOf } from '#src/http/frame.ts';
import { readForm } from '#src/http/read-form.ts';
import { requireForm } from '#src/http/require-form.ts';
import { cutLink } from '#src/links/cut-link.ts';
import type { DescribedUnsubscribe } from '#src/permissions/unsubscribe.ts';
import { lookAhead } from '#src/signups/seen-mailbox.ts';
import type { ActContext } from './action-context.ts';
import { answerConfirm } from './answer-confirm.ts';
import { answerForm, type FormAnswer } from './answer-form.ts';
import { answerPreferences, type PreferencesAnswer } from './answer-preferences.ts';
import { answerPreferencesRequest, type PreferencesRequestAnswer } from './answer-preferences-request.ts';
import { answerSent, type SentAnswer } from './answer-sent.ts';
import { answerUnsubscribe } from './answer-unsubscribe.ts';

/** What the page under the address of an act has to show of it. */
export interface Acted {
  form?: FormAnswer;
  sent?: SentAnswer;
  preferences?: PreferencesAnswer;
  preferencesRequest?: PreferencesRequestAnswer;
  unsubscribed?: DescribedUnsubscribe;
}

export interface Act {
  /** The pattern of the address, as the pages have it. */
  route: string;
  /** The whole answer, or what the page is to show. */
  answer: (context: ActContext) => Promise<Response | Acted>;
}

interface Entry {
  route: string;
  path: RegExp;
  answer: (context: ActContext, parameter: string) => Promise<Response | Acted>;
}

const entries: Entry[] = [
  { route: '/f/[form]', path: /^\/f\/([^/]+)\/?$/, answer: submit },
  { route: '/f/[form]/sent', path: /^\/f\/([^/]+)\/sent\/?$/, answer: enterCode },
  { route: '/confirm/[token]', path: /^\/confirm\/([^/]+)\/?$/, answer: confirm },
  { route: '/u/[link]', path: /^\/u\/([^/]+)\/?$/, answer: leave },
  { route: '/p/[link]', path: /^\/p\/([^/]+)\/?$/, answer: choose },
  { route: '/preferences', path: /^\/preferences\/?$/, answer: askForLink },
];

/** What people can do at this address, if anything. */
export function actAt(pathname: string): Act | undefined {
  for (const { route, path, answer } of entries) {
    const found = path.exec(pathname);
    if (found) return { route, answer: (context) => answer(context, decodeURIComponent(found[1] ?? '')) };
  }
  return undefined;
}

async function submit(context: ActContext, key: string): Promise<Response | Acted> {
  const { locals, url, request } = context;
  const { app } = locals;
  // The form is looked up while the body comes in, and the mailbox as soon as it is named.
  const reading = readForm(request);
  const looking = reading.then((fields) => lookAhead(app, first(fields, 'email') ?? ''));
  // Awaited below; until then its failing is nobody's surprise.
  looking.catch(() => undefined);
  const form = await requireForm(app, key);
  const frame = frameOf(url);
  if (frame.embedded) allowFraming(locals, form);
  // Its page says so.
  if (isClosed(form, app.now())) return {};
  const sent = { fields: await reading, seen: await looking };
  return shown('form', await answerForm(context, form, frame, sent));
}

async function enterCode(context: ActContext, key: string): Promise<Response | Acted> {
  const form = await requireForm(context.locals.app, key);
  const frame = frameOf(context.url);
  if (frame.embedded) allowFraming(context.locals, form);
  return shown('sent', await answerSent(context, form, frame));
}

async function confirm(context: ActContext, token: string): Promise<Response> {
  return answerConfirm(context, cutLink(token));
}

async function leave(context: ActContext, link: string): Promise<Response | Acted> {
  return shown('unsubscribed', await answerUnsubscribe(context, cutLink(link)));
}

async function choose(context: ActContext, link: string): Promise<Response | Acted> {
  return shown('preferences', await answerPreferences(context, cutLink(link)));
}

async function askForLink(context: ActContext): Promise<Response | Acted> {
  return shown('preferencesRequest', await answerPreferencesRequest(context));
}

function shown<Name extends keyof Acted>(name: Name, answer: Response | Acted[Name]): Response | Acted {
  return answer instanceof Response ? answer : { [name]: answer };
}
