/**
 * `/embed.js`, for foreign pages: gives `<iframe data-jawort-form>` its height, and `<jawort-form>` its frame.
 *
 * Words and boxes stay in the frame, out of reach of the page's styles and scripts. Nothing is stored.
 */
import type { FromFrame, FromHost } from './messages.ts';
import { tokenNames } from './tokens.ts';

interface Guest {
  /** The element that the page's author wrote: it reports the events and lends its style. */
  host: HTMLElement;
  frame: HTMLIFrameElement;
  form: string;
  reserved: number;
  /** How often a page of the form has announced itself. */
  steps: number;
  notice?: HTMLElement;
  timer?: number;
}

const least = 320;
const usual = 640;
const watched = ['form', 'lang', 'theme', 'prefill-email', 'source', 'compact', 'style', 'class'];
/** How long after the frame has loaded, or is in view, it may stay silent. */
const patience = { loaded: 3000, visible: 12_000 };

const words = {
  de: {
    text: 'Das Formular lässt sich an dieser Stelle nicht anzeigen. ',
    link: 'Formular auf einer eigenen Seite öffnen',
  },
  en: { text: 'The form cannot be shown here. ', link: 'Open the form on a page of its own' },
};

const script = (document.currentScript ??
  document.querySelector('script[src*="/embed.js"]')) as HTMLScriptElement | null;
const base = new URL(script ? script.src : location.href).origin;
const guests = new Map<HTMLElement, Guest>();

if (!customElements.get('jawort-form')) begin();

function begin(): void {
  addEventListener('message', hear);
  customElements.define('jawort-form', JawortForm());
  upgradeFrames();
  if (document.readyState === 'loading') document.addEventListener('DOMContentLoaded', upgradeFrames);
}

// In a function, so that a page that loads this twice defines it once.
function JawortForm(): CustomElementConstructor {
  return class extends HTMLElement {
    static get observedAttributes(): string[] {
      return watched;
    }
    connectedCallback(): void {
      showElement(this);
    }
    disconnectedCallback(): void {
      forget(this);
    }
    attributeChangedCallback(name: string, before: string | null, now: string | null): void {
      const guest = guests.get(this);
      if (!guest || before === now) return;
      if (name === 'form') showElement(this);
      else if (name === 'lang' || name === 'source') guest.frame.src = addressOf(this);
      else sendLook(guest);
    }
  };
}

function upgradeFrames(): void {
  for (const frame of document.querySelectorAll<HTMLIFrameElement>('iframe[data-jawort-form]')) {
    if (guests.has(frame) || new URL(frame.src, location.href).origin !== base) continue;
    attend(frame, frame, frame.dataset.jawortForm ?? '', frame.offsetHeight);
  }
}

/** The frame lies invisibly over the place that is kept for it, until the form in it says that it is there. */
function showElement(host: HTMLElement): void {
  forget(host);
  const form = host.getAttribute('form');
  if (!form) {
    report(host, 'jawort-error', { form: '', reason: 'no_form' });
    return;
  }
  const frame = document.createElement('iframe');
  const link = host.querySelector('a');
  frame.title = link?.textContent?.trim() || 'Formular';
  frame.loading = 'lazy';
  frame.referrerPolicy = 'no-referrer-when-downgrade';
  Object.assign(frame.style, { border: '0', width: '100%', position: 'absolute', top: '0', left: '0' });
  frame.style.visibility = 'hidden';
  host.style.display = 'block';
  host.style.position = 'relative';
  const kept = Number.parseFloat(getComputedStyle(host).minHeight) || Number(host.getAttribute('height'));
  const reserved = Math.max(least, kept || usual);
  if (!kept) host.style.minHeight = `${reserved}px`;
  frame.style.height = `${reserved}px`;
  frame.src = addressOf(host);
  attend(host, frame, form, reserved);
  host.append(frame);
}

function attend(host: HTMLElement, frame: HTMLIFrameElement, form: string, reserved: number): void {
  const guest: Guest = { host, frame, form, reserved: Math.max(least, reserved), steps: 0 };
  guests.set(host, guest);
  frame.addEventListener('load', () => expectWord(guest, patience.loaded));
  if (!('IntersectionObserver' in window)) return;
  const inView = new IntersectionObserver((entries) => {
    if (!entries.some((entry) => entry.isIntersecting)) return;
    inView.disconnect();
    if (guest.steps === 0 && guest.timer === undefined) expectWord(guest, patience.visible);
  });
  inView.observe(host);
}

function forget(host: HTMLElement): void {
  const guest = guests.get(host);
  if (!guest) return;
  clearTimeout(guest.timer);
  guest.notice?.remove();
  if (guest.frame !== host) guest.frame.remove();
  guests.delete(host);
}

function hear(event: MessageEvent<FromFrame>): void {
  const { data, origin, source } = event;
  if (origin !== base || !data || typeof data.type !== 'string') return;
  for (const guest of guests.values()) {
    if (guest.frame.contentWindow !== source || guest.form !== data.form) continue;
    if (data.type === 'jawort:ready') welcome(guest);
    if (data.type === 'jawort:submitted') report(guest.host, 'jawort-submit', { form: guest.form });
    if ('height' in data) resize(guest, data.height);
  }
}

function welcome(guest: Guest): void {
  const { host, frame, form } = guest;
  clearTimeout(guest.timer);
  guest.timer = undefined;
  guest.notice?.remove();
  guest.notice = undefined;
  guest.steps += 1;
  sendLook(guest);
  reveal(guest);
  if (guest.steps === 1) report(host, 'jawort-ready', { form });
  // The next page of the form begins at its top, which a long form has pushed out of view.
  else if (frame.getBoundingClientRect().top < 0) frame.scrollIntoView({ block: 'start' });
}

function reveal({ host, frame }: Guest): void {
  frame.style.display = frame === host ? '' : 'block';
  if (frame === host) return;
  for (const child of host.children) if (child !== frame) (child as HTMLElement).style.display = 'none';
  frame.style.position = 'static';
  frame.style.visibility = 'visible';
}

/** Never below what the page has kept free for it: what stands underneath must not jump. */
function resize({ frame, reserved }: Guest, height: number): void {
  if (height > 0 && height < 50_000) frame.style.height = `${Math.max(reserved, Math.ceil(height))}px`;
}

function expectWord(guest: Guest, millis: number): void {
  clearTimeout(guest.timer);
  const { steps } = guest;
  guest.timer = window.setTimeout(() => {
    guest.timer = undefined;
    if (guest.steps === steps && !guest.notice && guests.get(guest.host) === guest) tellBlocked(guest);
  }, millis);
}

/** Not allowed here, unknown, blocked by the page's own policy or out of reach: the link works all the same. */
function tellBlocked(guest: Guest): void {
  const { host, frame, form } = guest;
  const spoken = host.closest('[lang]')?.getAttribute('lang') ?? navigator.language;
  const lang = spoken.toLowerCase().startsWith('de') ? 'de' : 'en';
  const notice = document.createElement('p');
  notice.lang = lang;
  notice.dir = 'ltr';
  notice.setAttribute('role', 'status');
  const link = document.createElement('a');
  link.href = `${base}/f/${encodeURIComponent(form)}?lang=${lang}`;
  link.textContent = words[lang].link;
  notice.append(words[lang].text, link);
  if (frame === host) frame.after(notice);
  else {
    for (const child of host.children) (child as HTMLElement).style.display = 'none';
    host.append(notice);
  }
  frame.style.display = 'none';
  guest.notice = notice;
  report(host, 'jawort-error', {
    form,
    reason: 'not_shown',
    hint: `Is ${location.origin} an allowed site of this form, and ${base} in the frame-src of this page?`,
  });
}

function sendLook({ host, frame, form, steps }: Guest): void {
  if (steps === 0) return;
  const look: FromHost = {
    type: 'jawort:look',
    form,
    theme: optionOf(host, 'theme'),
    compact: host.hasAttribute('compact'),
    tokens: tokensOf(host),
    page_url: pageAddress(),
    prefill_email: optionOf(host, 'prefill-email'),
  };
  frame.contentWindow?.postMessage(look, base);
}

/** An attribute of the element, or on a plain frame `data-…`. */
function optionOf(host: HTMLElement, name: string): string {
  return host.getAttribute(host.localName === 'iframe' ? `data-${name}` : name) ?? '';
}

function tokensOf(host: HTMLElement): Record<string, string> {
  const style = getComputedStyle(host);
  const tokens: Record<string, string> = {};
  for (const name of tokenNames) {
    const value = style.getPropertyValue(`--jawort-${name}`).trim();
    if (value) tokens[name] = value;
  }
  // `inherit` is a word of CSS itself and only seen where it is written: there it means the font of the page.
  if (host.style.getPropertyValue('--jawort-font').trim() === 'inherit') tokens.font = style.fontFamily;
  return tokens;
}

/** Without what may be personal: the fragment, and a query that holds an address. */
function pageAddress(): string {
  const { origin, pathname, search } = location;
  return origin + pathname + (/@|%40/.test(search) ? '' : search);
}

function addressOf(host: HTMLElement): string {
  const query = new URLSearchParams({ embed: '1' });
  for (const name of ['lang', 'theme', 'source']) {
    const value = host.getAttribute(name);
    if (value) query.set(name, value);
  }
  if (host.hasAttribute('compact')) query.set('compact', '1');
  return `${base}/f/${encodeURIComponent(host.getAttribute('form') ?? '')}?${query}`;
}

function report(host: HTMLElement, name: string, detail: Record<string, string>): void {
  host.dispatchEvent(new CustomEvent(name, { bubbles: true, detail }));
}
