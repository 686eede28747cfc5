// The scheme, the films' buttons, sorting and copying. Everything else on the page works without it.
(() => {
  'use strict';
  const root = document.documentElement;

  // ---- The scheme: as the system, or one of the two.

  const schemes = ['', 'light', 'dark'];
  const theme = document.getElementById('theme');
  theme.hidden = false;
  theme.addEventListener('click', () => {
    const scheme = schemes[(schemes.indexOf(root.dataset.theme ?? '') + 1) % schemes.length];
    if (scheme) root.dataset.theme = scheme;
    else delete root.dataset.theme;
    theme.textContent = 'Scheme: ' + (scheme || 'as the system');
    root.dispatchEvent(new Event('schemechange'));
  });

  // ---- Films: the still, of one moment of the film, stands in for it where motion is not wanted.

  for (const button of document.querySelectorAll('.film-toggle')) {
    const still = button.closest('figure').querySelector('source');
    const isStill = () => matchMedia(still.media).matches;
    const label = () => { button.textContent = isStill() ? 'Film' : 'Still'; };
    button.hidden = false;
    button.addEventListener('click', () => {
      still.media = isStill() ? 'not all' : 'all';
      label();
    });
    label();
  }

  // ---- Tables that sort.

  for (const button of document.querySelectorAll('.sort')) {
    button.addEventListener('click', () => {
      const heading = button.closest('th');
      const table = heading.closest('table');
      const down = heading.getAttribute('aria-sort') === 'ascending';
      for (const other of table.querySelectorAll('[aria-sort]')) other.setAttribute('aria-sort', 'none');
      heading.setAttribute('aria-sort', down ? 'descending' : 'ascending');
      const order = row => Number(row.cells[heading.cellIndex].dataset.order);
      const rows = [...table.tBodies[0].rows].sort((a, b) => (down ? -1 : 1) * (order(a) - order(b)));
      table.tBodies[0].append(...rows);
    });
  }

  // ---- Copying a command.

  for (const button of document.querySelectorAll('.copy')) {
    const code = button.parentElement.querySelector('code');
    button.hidden = false;
    button.addEventListener('click', async () => {
      try {
        await navigator.clipboard.writeText(code.textContent);
        button.textContent = 'Copied';
      } catch {
        getSelection().selectAllChildren(code);  // then the keyboard can copy it
        button.textContent = 'Selected';
      }
    });
  }
})();
