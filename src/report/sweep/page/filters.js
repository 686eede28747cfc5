// The buttons above the charts of all trials, the filter as a form, and what it dims in the table.
(() => {
  'use strict';
  const trials = sweepTrials;
  if (!trials) return;
  const {sweep} = trials;
  const measureButtons = [...document.querySelectorAll('[data-measure]')];
  const unfilter = document.getElementById('unfilter');
  const rows = [...document.querySelectorAll('tr[data-trial]')];
  const indexOf = new Map(sweep.numbers.map((number, i) => [number, i]));

  for (const button of measureButtons) {
    button.addEventListener('click', () => {
      trials.setMeasure(Number(button.dataset.measure));
      for (const other of measureButtons) other.setAttribute('aria-pressed', other === button);
      document.getElementById('measure').textContent = trials.measure().title;
      makeForm();
    });
  }
  unfilter.addEventListener('click', trials.clear);

  // ---- A row for each axis: from and to, as numbers or as values of a list.

  const form = document.querySelector('.filters');
  let fields = [];

  function select(axis, name, fallback) {
    const element = document.createElement('select');
    axis.list.forEach((value, i) => element.append(new Option(value, i)));
    element.value = fallback;
    element.setAttribute('aria-label', `${axis.name} ${name}`);
    return element;
  }

  function input(axis, name) {
    const element = document.createElement('input');
    element.inputMode = 'decimal';
    element.size = 9;
    element.placeholder = 'any';
    element.setAttribute('aria-label', `${axis.name} ${name}`);
    return element;
  }

  // What the two fields say as a span of positions; null: everything, undefined: nothing that can be read.
  function spanOf({axis, from, to}) {
    if (axis.list) {
      const ends = [from, to].map(field => axis.at(axis.list[Number(field.value)])).sort((a, b) => a - b);
      return ends[0] === 0 && ends[1] === 1 ? null : ends;
    }
    if (!from.value.trim() && !to.value.trim()) return null;
    const ends = [from, to].map((field, i) => (field.value.trim() ? axis.at(Number(field.value.replaceAll(',', ''))) : i ? 1.05 : -0.05));
    if (ends.some(Number.isNaN)) return undefined;
    // Of steps the lower end is the better one, and lies higher.
    if (axis.lane !== undefined && trials.measure().lower) {
      return [to.value.trim() ? ends[1] : -0.05, from.value.trim() ? ends[0] : 1.05];
    }
    return ends;
  }

  function makeForm() {
    fields = trials.axes().map((axis, k) => {
      const row = document.createElement('div');
      const name = document.createElement('span');
      name.textContent = axis.name;
      const [from, to] = axis.list
        ? [select(axis, 'from', 0), select(axis, 'to', axis.list.length - 1)] : [input(axis, 'from'), input(axis, 'to')];
      const field = {axis, from, to, row};
      for (const element of [from, to]) {
        element.addEventListener('change', () => {
          const span = spanOf(field);
          row.classList.toggle('unread', span === undefined);
          if (span !== undefined) trials.setFilter(k, span);
        });
      }
      row.append(name, from, ' to ', to);
      return field;
    });
    form.replaceChildren(...fields.map(({row}) => row));
  }

  // The fields follow what is dragged in the chart.
  function follow() {
    fields.forEach(({axis, from, to}, k) => {
      if (form.contains(document.activeElement)) return;
      const span = trials.filters.get(k);
      if (axis.list) {
        const places = axis.list.map((_, i) => (axis.list.length === 1 ? 0.5 : i / (axis.list.length - 1)));
        const inside = places.map((at, i) => (!span || (at >= span[0] && at <= span[1]) ? i : null)).filter(i => i !== null);
        from.value = inside[0] ?? 0;
        to.value = inside.at(-1) ?? axis.list.length - 1;
        return;
      }
      const text = at => (at < (axis.lane ?? 0) || at > 1 ? '' : axis.value(at));
      const ends = span ? span.map(text) : ['', ''];
      if (axis.lane !== undefined && trials.measure().lower) ends.reverse();
      [from.value, to.value] = ends;
    });
  }

  function show() {
    const count = trials.passingCount();
    const all = sweep.numbers.length;
    document.getElementById('passing').textContent = trials.filters.size
      ? `${readouts.whole.format(count)} of ${readouts.whole.format(all)} trials pass` : '';
    unfilter.disabled = trials.filters.size === 0;
    for (const row of rows) {
      const i = indexOf.get(Number(row.dataset.trial));
      row.classList.toggle('dimmed', trials.filters.size > 0 && (i === undefined || !trials.passes(i)));
    }
    follow();
  }

  makeForm();
  document.addEventListener('trialfilter', show);
  document.getElementById('explore').hidden = false;
  document.getElementById('filters').hidden = false;
  show();
})();
