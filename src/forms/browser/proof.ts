/**
 * Runs on a form that asks for a proof of work: solves the challenge while the person fills in the form, and
 * sends the proof with it. Whatever goes wrong here, the form is sent without.
 */
import type { Challenge } from 'altcha-lib/types';
import { fetchChallenge, isOver, solve } from './solve.ts';

const place = document.querySelector<HTMLElement>('[data-proof]');
const form = document.querySelector<HTMLFormElement>('#signup');
// A stand at a fair sends its forms itself.
if (place && form && !document.querySelector('[data-kiosk]')) attend(place, form);

function attend(place: HTMLElement, form: HTMLFormElement): void {
  let challenge: Challenge | undefined = JSON.parse(place.dataset.proof ?? '');
  let proof: string | undefined;
  let running: Promise<void> | undefined;
  let ready = false;

  const begin = () => {
    running ??= run();
  };
  const run = async () => {
    say(place, 'working');
    if (!challenge || isOver(challenge)) challenge = await fetchChallenge(place.dataset.api ?? '');
    proof = challenge && (await solve(challenge));
    field(form).value = proof ?? '';
    ready = true;
    say(place, proof ? 'done' : 'failed');
  };
  const forget = () => {
    challenge = proof = running = undefined;
    ready = false;
    field(form).value = '';
  };

  say(place, 'waiting');
  for (const event of ['focusin', 'pointerdown', 'input'])
    form.addEventListener(event, begin, { once: true });
  form.addEventListener('submit', (event) => {
    const submitter = event.submitter as HTMLButtonElement | null;
    // The switch of the language sends what was typed, and asks for nothing.
    if (submitter?.name) return;
    if (ready && challenge && isOver(challenge)) forget();
    if (ready) return;
    event.preventDefault();
    begin();
    void running?.then(() => form.requestSubmit(submitter ?? undefined));
  });
  // Back from the next page: that proof has been used.
  addEventListener('pageshow', ({ persisted }) => persisted && forget());
}

function field(form: HTMLFormElement): HTMLInputElement {
  const known = form.querySelector<HTMLInputElement>('input[name=altcha]');
  if (known) return known;
  const added = document.createElement('input');
  added.type = 'hidden';
  added.name = 'altcha';
  form.append(added);
  return added;
}

function say(place: HTMLElement, state: 'waiting' | 'working' | 'done' | 'failed'): void {
  const words = place.querySelector('[role=status]');
  if (words) words.textContent = place.dataset[state] ?? '';
}
