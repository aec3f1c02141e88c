/** The script of `/verify`: reads the chosen file, checks it with the published keys, and shows what came out. */
import { unpackFiles } from '#src/dossiers/zip.ts';
import { type Bytes, binaryText } from '#src/verifier/bytes.ts';
import { type ReceiptReport, type TrustedKeys, verifyReceipt } from '#src/verifier/receipt.ts';
import { verifyDossier } from '#src/verifier/verify-dossier.ts';
import { type DossierReport, dossierReport } from './dossier-report.ts';

const box = document.querySelector<HTMLElement>('#check');
const input = document.querySelector<HTMLInputElement>('#file');
const progress = document.querySelector<HTMLElement>('#progress');
const result = document.querySelector<HTMLElement>('#result');

if (box && input && progress && result) start({ box, input, progress, result });

interface CheckPage {
  box: HTMLElement;
  input: HTMLInputElement;
  progress: HTMLElement;
  result: HTMLElement;
}

function start(page: CheckPage): void {
  const { box, input } = page;
  box.hidden = false;
  input.addEventListener('change', () => void check(page, input.files?.[0]));
  const drop = box.querySelector('.drop');
  for (const sign of ['dragover', 'dragleave', 'drop']) {
    // Anywhere else on the page a dropped file would be opened in its place.
    addEventListener(sign, (event) => event.preventDefault());
    drop?.addEventListener(sign, () => drop.classList.toggle('over', sign === 'dragover'));
  }
  addEventListener('drop', (event) => void check(page, event.dataTransfer?.files[0]));
}

async function check(page: CheckPage, file: File | undefined): Promise<void> {
  const { progress, result, box } = page;
  if (!file) return;
  result.replaceChildren();
  progress.textContent = progress.dataset.busy ?? '';
  if (!(await knowsEd25519())) {
    progress.textContent = progress.dataset.unsupported ?? '';
    return;
  }
  const keys = await loadKeys(box.dataset.receiptKeys ?? '', box.dataset.logKeys ?? '').catch(
    () => undefined,
  );
  progress.textContent = keys ? '' : (progress.dataset.noKeys ?? '');
  if (!keys) return;
  const bytes: Bytes = new Uint8Array(await file.arrayBuffer());
  const isZip = binaryText(bytes.subarray(0, 2)) === 'PK';
  const shown = isZip
    ? shownDossier(await checkedDossier(bytes, keys))
    : shownReceipt(await verifyReceipt(bytes, keys));
  show(result, shown, file.name);
  // The same file can be chosen again, after it was changed.
  page.input.value = '';
}

async function knowsEd25519(): Promise<boolean> {
  try {
    await crypto.subtle.generateKey({ name: 'Ed25519' }, false, ['sign', 'verify']);
    return true;
  } catch {
    return false;
  }
}

/** Fetched for each file: a key may have been made since. */
async function loadKeys(receiptKeys: string, logKeys: string): Promise<TrustedKeys> {
  const load = async (address: string) => {
    const answer = await fetch(address, { credentials: 'omit' });
    if (!answer.ok) throw new Error(`${address}: ${answer.status}`);
    return answer;
  };
  const [receipts, log] = [await (await load(receiptKeys)).json(), await (await load(logKeys)).text()];
  return { receipts: receipts.keys, log: log.split('\n').filter(Boolean) };
}

async function checkedDossier(zip: Bytes, keys: TrustedKeys): Promise<DossierReport> {
  const files = unpackFiles(zip);
  const verdict = files
    ? await verifyDossier(files, keys.log)
    : ({ outcome: 'unreadable', because: 'no_dossier' } as const);
  return dossierReport(verdict, document.documentElement.lang);
}

function shownReceipt(report: ReceiptReport): DocumentFragment {
  const shown = copyOf(report.verdict);
  const values = valuesOf(report);
  for (const row of shown.querySelectorAll<HTMLElement>('[data-field]')) {
    const value = values[row.dataset.field ?? ''];
    const place = row.querySelector('dd');
    if (value && place) place.textContent = value;
    else row.remove();
  }
  if (!shown.querySelector('[data-field]')) shown.querySelector('[data-says]')?.remove();
  return shown;
}

function shownDossier({ outcome, result, key, faults }: DossierReport): DocumentFragment {
  const shown = copyOf(`dossier_${outcome}`);
  const put = (name: string, text: string) => {
    const place = shown.querySelector(`[data-${name}]`);
    if (text && place) place.append(text);
    else place?.remove();
  };
  put('result', result);
  put('key', key);
  const list = shown.querySelector('[data-faults]');
  for (const fault of faults) {
    const line = document.createElement('li');
    line.textContent = fault;
    list?.append(line);
  }
  return shown;
}

function copyOf(name: string): DocumentFragment {
  const template = document.querySelector<HTMLTemplateElement>(`template[data-for="${name}"]`);
  return document.importNode(template?.content ?? document.createDocumentFragment(), true);
}

function show(result: HTMLElement, shown: DocumentFragment, name: string): void {
  const file = document.createElement('p');
  file.className = 'hint';
  file.textContent = name;
  result.replaceChildren(file, shown);
  result.querySelector('h2')?.focus();
}

/** Only what is signed is shown, and who says that they issued it where their key is not known. */
function valuesOf({ content, log, issuer }: ReceiptReport): Record<string, string> {
  if (!content) return { issuer: issuer ?? '' };
  const { state, isConsent, since, createdAt, ...texts } = content;
  return {
    ...texts,
    state: stateText(!isConsent && state === 'granted' ? 'granted_other' : state),
    since: timeText(since),
    createdAt: timeText(createdAt),
    ...(log && {
      index: String(log.index),
      size: String(log.size),
      root: log.root,
      signed_at: timeText(log.signed_at),
    }),
  };
}

function stateText(state: string): string {
  const template = document.querySelector<HTMLTemplateElement>(`template[data-state="${CSS.escape(state)}"]`);
  return template?.content.textContent?.trim() ?? '';
}

function timeText(iso: string): string {
  const at = new Date(iso);
  if (Number.isNaN(at.getTime())) return '';
  return at.toLocaleString(document.documentElement.lang, { dateStyle: 'long', timeStyle: 'long' });
}
