// "/" moves to the search of the desk, as it does on GitHub. While typing it is a slash.
document.addEventListener('keydown', (event) => {
  const typing = event.target instanceof Element && event.target.closest('input, textarea, select, [contenteditable]');
  if (event.key !== '/' || typing || event.ctrlKey || event.altKey || event.metaKey) return;
  event.preventDefault();
  document.querySelector('#search')?.focus();
});
