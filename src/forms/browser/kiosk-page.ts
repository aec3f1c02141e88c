/** What the kiosk reads and shows on its page. */

export interface Fault {
  /** JSON pointer to the field. */
  pointer: string;
  message: string;
}

export function isTouched(): boolean {
  const form = document.querySelector<HTMLFormElement>('#signup');
  const entries = [...(form?.querySelectorAll<HTMLInputElement>('input:not([type=hidden])') ?? [])];
  const changed = entries.some((one) => (one.type === 'checkbox' ? one.checked : one.value !== ''));
  return changed || document.querySelector('.summary') !== null;
}

/** Checks that need no server, so that an incomplete form is not queued. */
export function missingIn(form: HTMLFormElement): Fault[] {
  const words = kioskElement()?.dataset ?? {};
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

export function showFaults(faults: Fault[]): void {
  document.querySelector('.summary')?.remove();
  const summary = document.createElement('div');
  summary.className = 'summary';
  summary.setAttribute('role', 'alert');
  summary.tabIndex = -1;
  const heading = document.createElement('h2');
  heading.textContent = kioskElement()?.dataset.summary ?? '';
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

export function kioskElement(): HTMLElement | null {
  return document.querySelector<HTMLElement>('[data-kiosk]');
}

/** All page content except the kiosk's own elements. */
export function content(): HTMLElement[] {
  return [...document.querySelectorAll<HTMLElement>('main > :not([data-kiosk])')];
}

export function hide(selector: string, hidden: boolean): void {
  const found = document.querySelector<HTMLElement>(selector);
  if (found) found.hidden = hidden;
}
