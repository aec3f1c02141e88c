/**
 * Runs on the form at a stand: sends it in the background, thanks, and clears itself for the next person. What
 * could not be sent waits in the memory of this page and nowhere else, and is sent again with the id that it was
 * given, until it has arrived. Closing the page forgets it, so the browser asks first.
 */
import { fetchChallenge, solve } from './solve.ts';

interface Unsent {
  /** As it was filled in, by which the server knows it again. */
  body: URLSearchParams;
  action: string;
}

type Outcome =
  | { state: 'arrived' }
  | { state: 'faulty'; faults: { pointer: string; message: string }[] }
  | { state: 'refused' }
  | { state: 'later'; afterMillis: number };

const home = location.href;
const thanksMillis = 15_000;
const idleMillis = 60_000;
const warningMillis = 20_000;
const patienceMillis = 8000;
const firstPauseMillis = 3000;
const longestPauseMillis = 60_000;

const unsent: Unsent[] = [];
let lost = 0;
let pauseMillis = firstPauseMillis;
let retry: number | undefined;
let clock: number | undefined;

if (stand()) begin();

function begin(): void {
  document.addEventListener('submit', (event) => {
    const form = event.target as HTMLFormElement;
    const submitter = event.submitter as HTMLButtonElement | null;
    if (form.id !== 'signup') return;
    event.preventDefault();
    if (submitter?.name === 'show_in') void show(submitter.formAction);
    else void send(form);
  });
  document.addEventListener('click', (event) => {
    const target = event.target as HTMLElement;
    const act = target.closest<HTMLElement>('[data-act]')?.dataset.act;
    if (act === 'next') void next();
    const language = target.closest<HTMLAnchorElement>('nav.language a');
    if (!language) return;
    event.preventDefault();
    void show(language.href);
  });
  hide('[data-proof]', true);
  for (const sign of ['input', 'pointerdown', 'keydown']) document.addEventListener(sign, wake);
  addEventListener('online', () => void sendAgain());
  addEventListener('beforeunload', (event) => {
    if (unsent.length > 0) event.preventDefault();
  });
  wake();
}

async function send(form: HTMLFormElement): Promise<void> {
  const missing = missingIn(form);
  if (missing.length > 0) return tellFaults(missing);
  const body = new URLSearchParams();
  for (const [name, value] of new FormData(form)) body.append(name, String(value));
  body.set('submission_id', randomId());
  const one = { body, action: form.action };
  const button = form.querySelector<HTMLButtonElement>('#submit');
  if (button) button.disabled = true;
  const outcome = await deliver(one);
  if (button) button.disabled = false;
  if (outcome.state === 'faulty') {
    // The words have changed since: they have to be read anew.
    if (outcome.faults.some(({ pointer }) => pointer === '/form_version')) await show(home);
    return tellFaults(outcome.faults);
  }
  if (outcome.state === 'refused') return location.reload();
  if (outcome.state === 'later') keep(one, outcome.afterMillis);
  thank(outcome.state === 'later' ? 'queued' : 'sent');
}

async function deliver({ body, action }: Unsent): Promise<Outcome> {
  const api = stand()?.dataset.kiosk ?? '';
  const challenge = document.querySelector('[data-proof]') ? await fetchChallenge(api) : undefined;
  const proof = challenge && (await solve(challenge));
  if (proof) body.set('altcha', proof);
  try {
    const answer = await fetch(action, {
      method: 'POST',
      body,
      headers: { Accept: 'application/json' },
      signal: AbortSignal.timeout(patienceMillis),
    });
    if (answer.ok) return { state: 'arrived' };
    if (answer.status === 422) return { state: 'faulty', faults: (await answer.json()).errors ?? [] };
    if (answer.status === 410 || answer.status === 404) return { state: 'refused' };
    return { state: 'later', afterMillis: Number(answer.headers.get('Retry-After') ?? 0) * 1000 };
  } catch {
    return { state: 'later', afterMillis: 0 };
  }
}

function keep(one: Unsent, afterMillis: number): void {
  unsent.push(one);
  tellUnsent();
  plan(afterMillis);
}

function plan(afterMillis: number): void {
  clearTimeout(retry);
  retry = window.setTimeout(() => void sendAgain(), Math.max(afterMillis, pauseMillis));
  pauseMillis = Math.min(pauseMillis * 2, longestPauseMillis);
}

/** One after the other, the oldest first; the first that does not get through ends the round. */
async function sendAgain(): Promise<void> {
  clearTimeout(retry);
  for (let one = unsent[0]; one; one = unsent[0]) {
    const outcome = await deliver(one);
    if (outcome.state === 'later') return plan(outcome.afterMillis);
    // The person has gone: what cannot be accepted any more can only be told to whoever looks after the stand.
    if (outcome.state !== 'arrived') lost += 1;
    if (unsent[0] === one) unsent.shift();
    pauseMillis = firstPauseMillis;
    tellUnsent();
  }
}

/** The form for the next person, in the language of the stand, with the words of now. Without network the same. */
async function next(): Promise<void> {
  clearTimeout(clock);
  if (unsent.length === 0 && (await show(home))) return;
  document.querySelector<HTMLFormElement>('#signup')?.reset();
  document.querySelector('.summary')?.remove();
  hide('.kiosk-thanks', true);
  hide('.kiosk-idle', true);
  for (const part of content()) part.hidden = false;
  tellUnsent();
  scrollTo(0, 0);
}

async function show(address: string): Promise<boolean> {
  try {
    const answer = await fetch(address, { signal: AbortSignal.timeout(patienceMillis) });
    if (!answer.ok) return false;
    const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
    if (!page.querySelector('#signup')) return false;
    // The scripts are running already, and must not run twice.
    for (const script of page.querySelectorAll('script')) script.remove();
    document.documentElement.lang = page.documentElement.lang;
    document.title = page.title;
    document.body.replaceChildren(...page.body.childNodes);
    // What it says of scripts is not so here: the stand does the work when it sends.
    hide('[data-proof]', true);
    tellUnsent();
    scrollTo(0, 0);
    return true;
  } catch {
    return false;
  }
}

function thank(how: 'sent' | 'queued'): void {
  document.querySelector('.summary')?.remove();
  document.querySelector<HTMLFormElement>('#signup')?.reset();
  for (const part of content()) part.hidden = true;
  for (const words of document.querySelectorAll<HTMLElement>('.kiosk-thanks [data-when]')) {
    words.hidden = words.dataset.when !== how;
  }
  hide('.kiosk-thanks', false);
  scrollTo(0, 0);
  document.querySelector<HTMLElement>('.kiosk-thanks h1')?.focus();
  clearTimeout(clock);
  clock = window.setTimeout(() => void next(), thanksMillis);
}

/** Somebody is here. A form that was left half filled in is cleared after a word of warning. */
function wake(): void {
  if (!document.querySelector<HTMLElement>('.kiosk-thanks')?.hidden) return;
  hide('.kiosk-idle', true);
  clearTimeout(clock);
  clock = window.setTimeout(() => {
    if (!isTouched()) return wake();
    hide('.kiosk-idle', false);
    clock = window.setTimeout(() => void next(), warningMillis);
  }, idleMillis);
}

function isTouched(): boolean {
  const form = document.querySelector<HTMLFormElement>('#signup');
  const entries = [...(form?.querySelectorAll<HTMLInputElement>('input:not([type=hidden])') ?? [])];
  const changed = entries.some((one) => (one.type === 'checkbox' ? one.checked : one.value !== ''));
  return changed || document.querySelector('.summary') !== null;
}

/** What can be seen without asking the server, so that nothing of the kind waits for a network in vain. */
function missingIn(form: HTMLFormElement): { pointer: string; message: string }[] {
  const words = stand()?.dataset ?? {};
  const faults = [];
  if (!form.querySelector<HTMLInputElement>('#email')?.validity.valid || !entryOf(form, '#email')) {
    faults.push({ pointer: '/email', message: words.missingEmail ?? '' });
  }
  if (!form.querySelector('input[name=consent]:checked')) {
    faults.push({ pointer: '/consent', message: words.missingConsent ?? '' });
  }
  return faults;
}

function entryOf(form: HTMLFormElement, field: string): string {
  return form.querySelector<HTMLInputElement>(field)?.value.trim() ?? '';
}

function tellFaults(faults: { pointer: string; message: string }[]): void {
  document.querySelector('.summary')?.remove();
  const summary = document.createElement('div');
  summary.className = 'summary';
  summary.setAttribute('role', 'alert');
  summary.tabIndex = -1;
  const heading = document.createElement('h2');
  heading.textContent = stand()?.dataset.summary ?? '';
  const list = document.createElement('ul');
  for (const { pointer, message } of faults) {
    const link = document.createElement('a');
    const field = pointer.slice(1);
    link.href = document.getElementById(field) ? `#${field}` : '#consent-0';
    link.textContent = message;
    const item = document.createElement('li');
    item.append(link);
    list.append(item);
  }
  summary.append(heading, list);
  document.querySelector('main')?.prepend(summary);
  summary.focus();
}

function tellUnsent(): void {
  const words = stand()?.dataset ?? {};
  const place = document.querySelector('.kiosk-unsent');
  const parts = [];
  if (unsent.length > 0) parts.push(words.unsent?.replace('#', String(unsent.length)));
  if (lost > 0) parts.push(words.lost?.replace('#', String(lost)));
  if (place) place.textContent = parts.join(' ');
}

function stand(): HTMLElement | null {
  return document.querySelector<HTMLElement>('[data-kiosk]');
}

/** Everything of the page but what belongs to the stand. */
function content(): HTMLElement[] {
  return [...document.querySelectorAll<HTMLElement>('main > :not([data-kiosk])')];
}

function hide(selector: string, hidden: boolean): void {
  const found = document.querySelector<HTMLElement>(selector);
  if (found) found.hidden = hidden;
}

function randomId(): string {
  return [...crypto.getRandomValues(new Uint8Array(16))]
    .map((byte) => byte.toString(16).padStart(2, '0'))
    .join('');
}
