// Shows in the frame what is typed, while it is typed. Without it the button of the page does the same.
const form = document.querySelector('form[data-preview]');
const frame = form?.querySelector('[data-preview-frame]');
let timer;
let asked = 0;

async function show() {
  const turn = ++asked;
  const body = new URLSearchParams(new FormData(form));
  const response = await fetch(form.dataset.preview, { method: 'POST', body }).catch(() => undefined);
  // An answer that was overtaken shows an older draft; a failed one leaves the last.
  if (!response?.ok || response.redirected || turn !== asked) return;
  frame.className = form.elements.width.value;
  frame.srcdoc = await response.text();
}

form?.addEventListener('input', () => {
  clearTimeout(timer);
  timer = setTimeout(show, 400);
});
