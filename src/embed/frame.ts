/**
 * Runs in the form's frame, and only there. The form works without it; it tells the page around it how high
 * the form is, takes over that page's look as far as it stays readable, and notes on which page it stands.
 *
 * It speaks to the sites of the form only, and stores nothing.
 */
import type { FromFrame, FromHost } from './messages.ts';
import {
  acceptTokens,
  type Colour,
  checkedProperties,
  isDark,
  looksLikeColour,
  parseColour,
} from './tokens.ts';

const root = document.documentElement;
const mark = document.querySelector<HTMLElement>('[data-jawort-frame]');
if (mark && window.parent !== window) start(mark, mark.dataset.form ?? '');

function start(mark: HTMLElement, form: string): void {
  const allowed = [...(mark.dataset.origins ?? '').split(' '), location.origin];
  let host = hostOf(allowed);
  let answered = false;
  let prefilled = false;
  let last: FromHost | undefined;

  const tell = (message: FromFrame) => {
    for (const origin of host ? [host] : allowed) window.parent.postMessage(message, origin);
  };
  const tellHeight = () => tell({ type: 'jawort:height', form, height: heightOfForm() });

  // The loader may come long after the form, so the form says more than once that it is there.
  const announce = (times: number) => {
    if (answered || times > 60) return;
    tell({ type: 'jawort:ready', form, height: heightOfForm() });
    setTimeout(() => announce(times + 1), Math.min(250 * 2 ** times, 4000));
  };

  addEventListener('message', (event: MessageEvent<FromHost>) => {
    const { data, origin, source } = event;
    if (source !== window.parent || !allowed.includes(origin)) return;
    if (data?.type !== 'jawort:look' || data.form !== form) return;
    host = origin;
    answered = true;
    last = data;
    applyLook(mark, data);
    notePage(data.page_url, origin);
    if (!prefilled) prefilled = prefill(data.prefill_email);
    tellHeight();
  });
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => last && applyLook(mark, last));
  new ResizeObserver(tellHeight).observe(document.body);
  announce(0);
  if (mark.dataset.step === 'submitted') tell({ type: 'jawort:submitted', form });
}

/** The page around, where the browser tells. After a step inside the frame the referrer is this site itself. */
function hostOf(allowed: string[]): string | undefined {
  const named = location.ancestorOrigins?.[0] ?? originOf(document.referrer);
  const itself = !location.ancestorOrigins && named === location.origin;
  return named && !itself && allowed.includes(named) ? named : undefined;
}

function originOf(address: string): string | undefined {
  return URL.canParse(address) ? new URL(address).origin : undefined;
}

function heightOfForm(): number {
  return Math.ceil(root.getBoundingClientRect().height);
}

/** Through CSSOM, which the content policy of the frame allows without `unsafe-inline`. */
function applyLook(mark: HTMLElement, { theme, compact, tokens }: FromHost): void {
  const colourOf = (text: string) => resolveColour(mark, text);
  const ground = looksLikeColour(tokens.bg) ? colourOf(tokens.bg) : undefined;
  const chosen =
    theme === 'light' || theme === 'dark' ? theme : ground && (isDark(ground) ? 'dark' : 'light');
  if (chosen) root.dataset.theme = chosen;
  else delete root.dataset.theme;
  document.body.classList.toggle('compact', compact === true);
  for (const property of [...root.style]) root.style.removeProperty(property);
  const own: Record<string, Colour> = {};
  for (const property of checkedProperties) {
    const colour = resolveColour(mark, `var(${property})`);
    if (colour) own[property] = colour;
  }
  for (const [property, value] of Object.entries(acceptTokens(tokens, own, colourOf))) {
    root.style.setProperty(property, value);
  }
}

/** Any notation that the browser knows, as red, green and blue. */
function resolveColour(probe: HTMLElement, text: string): Colour | undefined {
  if (!CSS.supports('color', text)) return undefined;
  probe.style.color = text;
  return parseColour(getComputedStyle(probe).color);
}

/** Where the form stood becomes part of the evidence. A page can only name an address of its own site. */
function notePage(address: string, origin: string): void {
  if (originOf(address) !== origin) return;
  const signup = document.querySelector('#signup');
  if (!signup) return;
  let field = signup.querySelector<HTMLInputElement>('input[name=page_url]');
  if (!field) {
    field = document.createElement('input');
    field.type = 'hidden';
    field.name = 'page_url';
    signup.append(field);
  }
  field.value = address;
}

/** Once, and never over what the person typed. */
function prefill(address: unknown): boolean {
  const field = document.querySelector<HTMLInputElement>('#signup #email');
  if (!field || typeof address !== 'string' || address === '' || address.length > 320) return false;
  if (field.value === '') field.value = address;
  return true;
}
