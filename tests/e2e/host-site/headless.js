// A form of the site's own: it shows what the API says, to the character, and sends back which words it showed.

/**
 * @typedef {{ value: string, text: string, sha256: string }} Consent
 * @typedef {{ form_version: string, lang: string, consents: Consent[] }} Form
 */

const api = document.currentScript?.dataset.api ?? '';
const own = /** @type {HTMLFormElement} */ (document.querySelector('#own'));

async function show() {
  /** @type {Form} */
  const form = await (await fetch(`${api}?lang=de`)).json();
  for (const { value, text } of form.consents) {
    const label = document.createElement('label');
    const box = Object.assign(document.createElement('input'), { type: 'checkbox', name: 'consent', value });
    label.append(box, text);
    own.prepend(label);
  }
  own.addEventListener('submit', (event) => {
    event.preventDefault();
    send(form);
  });
  own.hidden = false;
}

/** @param {Form} form */
async function send(form) {
  const filled = new FormData(own);
  const ticked = form.consents.filter(({ value }) => filled.getAll('consent').includes(value));
  const answer = await fetch(`${api}/signups`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({
      form_version: form.form_version,
      lang: form.lang,
      email: filled.get('email'),
      consents: ticked.map(({ value, sha256 }) => ({ value, sha256 })),
      page_url: location.href,
    }),
  });
  const { status } = await answer.json();
  document.querySelector('#answer')?.append(`${answer.status} ${status}`);
}

show();
