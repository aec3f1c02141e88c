// Asks for the findings while somebody writes. Without it the button of the page does the same.
const form = document.querySelector('form[data-check]');
const wording = form?.querySelector('textarea[name="wording"]');
const result = form?.querySelector('[data-check-result]');
let timer;
let asked = 0;

async function check() {
  const turn = ++asked;
  const { check: address, purpose, channel, locale, lang } = form.dataset;
  const body = new URLSearchParams({ purpose, channel, locale, wording: wording.value });
  const response = await fetch(`${address}?lang=${lang}`, { method: 'POST', body }).catch(() => undefined);
  // An answer that was overtaken says nothing about the words of now; a failed one leaves the last.
  if (!response?.ok || response.redirected || turn !== asked) return;
  const kept = new Map([...result.querySelectorAll('textarea')].map((field) => [field.name, field.value]));
  result.innerHTML = await response.text();
  for (const field of result.querySelectorAll('textarea')) field.value = kept.get(field.name) ?? '';
}

wording?.addEventListener('input', () => {
  clearTimeout(timer);
  timer = setTimeout(check, 400);
});
