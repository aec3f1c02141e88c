// Copies a snippet at one press. Without it the snippet is marked and copied like any other text.
for (const place of document.querySelectorAll('[data-copies]')) {
  const snippet = document.getElementById(place.dataset.copies);
  const status = place.querySelector('[role=status]');
  place.hidden = false;
  place.querySelector('button').addEventListener('click', async () => {
    snippet.select();
    // Where the clipboard is refused, the snippet is at least marked.
    const copied = await navigator.clipboard?.writeText(snippet.value).then(
      () => true,
      () => document.execCommand('copy'),
    );
    status.textContent = (copied ?? document.execCommand('copy')) ? place.dataset.done : '';
  });
}
