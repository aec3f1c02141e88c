/**
 * Runs on a form that asks for a proof of work: solves the challenge while the person fills in the form, and submits
 * the proof with it. On any error, the form is submitted without a proof.
 */
import type { Challenge } from 'altcha-lib/types';
import { fetchChallenge, isExpired, solve } from './solve.ts';

const place = document.querySelector<HTMLElement>('[data-proof]');
const form = document.querySelector<HTMLFormElement>('#signup');
// A kiosk sends its forms itself.
if (place && form && !document.querySelector('[data-kiosk]')) attachProof(place, form);

function attachProof(place: HTMLElement, form: HTMLFormElement): void {
  let challenge: Challenge | undefined = JSON.parse(place.dataset.proof ?? '');
  let proof: string | undefined;
  let running: Promise<void> | undefined;
  let ready = false;

  const start = () => {
    running ??= run();
  };
  const run = async () => {
    showStatus(place, 'working');
    if (!challenge || isExpired(challenge)) challenge = await fetchChallenge(place.dataset.api ?? '');
    proof = challenge && (await solve(challenge));
    field(form).value = proof ?? '';
    ready = true;
    showStatus(place, proof ? 'done' : 'failed');
  };
  const reset = () => {
    challenge = proof = running = undefined;
    ready = false;
    field(form).value = '';
  };

  showStatus(place, 'waiting');
  for (const event of ['focusin', 'pointerdown', 'input'])
    form.addEventListener(event, start, { once: true });
  form.addEventListener('submit', (event) => {
    const submitter = event.submitter as HTMLButtonElement | null;
    // The language switch needs no proof.
    if (submitter?.name) return;
    if (ready && challenge && isExpired(challenge)) reset();
    if (ready) return;
    event.preventDefault();
    start();
    void running?.then(() => form.requestSubmit(submitter ?? undefined));
  });
  // The page was restored from the back/forward cache: the proof has been used.
  addEventListener('pageshow', ({ persisted }) => persisted && reset());
}

function field(form: HTMLFormElement): HTMLInputElement {
  const existing = form.querySelector<HTMLInputElement>('input[name=altcha]');
  if (existing) return existing;
  const added = document.createElement('input');
  added.type = 'hidden';
  added.name = 'altcha';
  form.append(added);
  return added;
}

function showStatus(place: HTMLElement, state: 'waiting' | 'working' | 'done' | 'failed'): void {
  const words = place.querySelector('[role=status]');
  if (words) words.textContent = place.dataset[state] ?? '';
}
