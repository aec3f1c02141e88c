/**
 * Runs on the form of a kiosk: sends it in the background, shows a thank-you message, and resets the form for the next
 * person. Submissions that could not be sent are queued in memory only, and sent again with the same id. They are lost
 * when the page is closed, so the browser asks first.
 */
import { content, type Fault, hide, isTouched, kioskElement, missingIn, showFaults } from './kiosk-page.ts';
import { fetchChallenge, solve } from './solve.ts';

interface Unsent {
  /** With a submission id, by which the server recognises a repetition. */
  body: URLSearchParams;
  action: string;
}

type Outcome =
  | { state: 'arrived' }
  | { state: 'faulty'; faults: Fault[] }
  | { state: 'refused' }
  | { state: 'later'; afterMillis: number };

const kioskUrl = location.href;
const thanksMillis = 15_000;
const idleMillis = 60_000;
const warningMillis = 20_000;
const timeoutMillis = 8000;
const firstPauseMillis = 3000;
const maxPauseMillis = 60_000;

const unsent: Unsent[] = [];
let lost = 0;
let pauseMillis = firstPauseMillis;
let retry: number | undefined;
let clock: number | undefined;

if (kioskElement()) start();

function start(): void {
  document.addEventListener('submit', (event) => {
    const form = event.target as HTMLFormElement;
    const submitter = event.submitter as HTMLButtonElement | null;
    if (form.id !== 'signup') return;
    event.preventDefault();
    if (submitter?.name === 'show_in') void loadPage(submitter.formAction);
    else void send(form);
  });
  document.addEventListener('click', (event) => {
    const target = event.target as HTMLElement;
    const act = target.closest<HTMLElement>('[data-act]')?.dataset.act;
    if (act === 'next') void startOver();
    const language = target.closest<HTMLAnchorElement>('nav.language a');
    if (!language) return;
    event.preventDefault();
    void loadPage(language.href);
  });
  hide('[data-proof]', true);
  for (const sign of ['input', 'pointerdown', 'keydown']) document.addEventListener(sign, restartIdleTimer);
  addEventListener('online', () => void sendQueued());
  addEventListener('beforeunload', (event) => {
    if (unsent.length > 0) event.preventDefault();
  });
  restartIdleTimer();
}

async function send(form: HTMLFormElement): Promise<void> {
  const missing = missingIn(form);
  if (missing.length > 0) return showFaults(missing);
  const body = new URLSearchParams();
  for (const [name, value] of new FormData(form)) body.append(name, String(value));
  body.set('submission_id', randomId());
  const one = { body, action: form.action };
  const button = form.querySelector<HTMLButtonElement>('#submit');
  if (button) button.disabled = true;
  const outcome = await deliver(one);
  if (button) button.disabled = false;
  if (outcome.state === 'faulty') {
    // The texts have changed, so the person has to read them again.
    if (outcome.faults.some(({ pointer }) => pointer === '/form_version')) await loadPage(kioskUrl);
    return showFaults(outcome.faults);
  }
  if (outcome.state === 'refused') return location.reload();
  if (outcome.state === 'later') queue(one, outcome.afterMillis);
  showThanks(outcome.state === 'later' ? 'queued' : 'sent');
}

async function deliver({ body, action }: Unsent): Promise<Outcome> {
  const api = kioskElement()?.dataset.kiosk ?? '';
  const challenge = document.querySelector('[data-proof]') ? await fetchChallenge(api) : undefined;
  const proof = challenge && (await solve(challenge));
  if (proof) body.set('altcha', proof);
  try {
    const answer = await fetch(action, {
      method: 'POST',
      body,
      headers: { Accept: 'application/json' },
      signal: AbortSignal.timeout(timeoutMillis),
    });
    if (answer.ok) return { state: 'arrived' };
    if (answer.status === 422) return { state: 'faulty', faults: (await answer.json()).errors ?? [] };
    if (answer.status === 410 || answer.status === 404) return { state: 'refused' };
    return { state: 'later', afterMillis: Number(answer.headers.get('Retry-After') ?? 0) * 1000 };
  } catch {
    return { state: 'later', afterMillis: 0 };
  }
}

function queue(one: Unsent, afterMillis: number): void {
  unsent.push(one);
  showUnsentCount();
  scheduleRetry(afterMillis);
}

function scheduleRetry(afterMillis: number): void {
  clearTimeout(retry);
  retry = window.setTimeout(() => void sendQueued(), Math.max(afterMillis, pauseMillis));
  pauseMillis = Math.min(pauseMillis * 2, maxPauseMillis);
}

/** Sends the queue, oldest first, until one fails. */
async function sendQueued(): Promise<void> {
  clearTimeout(retry);
  for (let one = unsent[0]; one; one = unsent[0]) {
    const outcome = await deliver(one);
    if (outcome.state === 'later') return scheduleRetry(outcome.afterMillis);
    // The person has left, so a rejected submission is only counted, for the staff at the stand.
    if (outcome.state !== 'arrived') lost += 1;
    if (unsent[0] === one) unsent.shift();
    pauseMillis = firstPauseMillis;
    showUnsentCount();
  }
}

/** Loads a fresh form for the next person, in the kiosk's language. Without network, resets the current one. */
async function startOver(): Promise<void> {
  clearTimeout(clock);
  if (unsent.length === 0 && (await loadPage(kioskUrl))) return;
  document.querySelector<HTMLFormElement>('#signup')?.reset();
  document.querySelector('.summary')?.remove();
  hide('.kiosk-thanks', true);
  hide('.kiosk-idle', true);
  for (const part of content()) part.hidden = false;
  showUnsentCount();
  scrollTo(0, 0);
}

async function loadPage(address: string): Promise<boolean> {
  try {
    const answer = await fetch(address, { signal: AbortSignal.timeout(timeoutMillis) });
    if (!answer.ok) return false;
    const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
    if (!page.querySelector('#signup')) return false;
    // The scripts are running already.
    for (const script of page.querySelectorAll('script')) script.remove();
    document.documentElement.lang = page.documentElement.lang;
    document.title = page.title;
    document.body.replaceChildren(...page.body.childNodes);
    // The kiosk computes the proof when it sends.
    hide('[data-proof]', true);
    showUnsentCount();
    scrollTo(0, 0);
    return true;
  } catch {
    return false;
  }
}

function showThanks(how: 'sent' | 'queued'): void {
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
  clock = window.setTimeout(() => void startOver(), thanksMillis);
}

/** Called on every interaction. After some time without any, a partly filled form is cleared, with a warning before. */
function restartIdleTimer(): void {
  if (!document.querySelector<HTMLElement>('.kiosk-thanks')?.hidden) return;
  hide('.kiosk-idle', true);
  clearTimeout(clock);
  clock = window.setTimeout(() => {
    if (!isTouched()) return restartIdleTimer();
    hide('.kiosk-idle', false);
    clock = window.setTimeout(() => void startOver(), warningMillis);
  }, idleMillis);
}

function showUnsentCount(): void {
  const words = kioskElement()?.dataset ?? {};
  const place = document.querySelector('.kiosk-unsent');
  const parts = [];
  if (unsent.length > 0) parts.push(words.unsent?.replace('#', String(unsent.length)));
  if (lost > 0) parts.push(words.lost?.replace('#', String(lost)));
  if (place) place.textContent = parts.join(' ');
}

function randomId(): string {
  return [...crypto.getRandomValues(new Uint8Array(16))]
    .map((byte) => byte.toString(16).padStart(2, '0'))
    .join('');
}
