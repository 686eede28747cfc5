// What a chart says in words: its readout, the swatches of its lines, and how numbers are written.
const readouts = (() => {
  'use strict';
  const tiny = value => value !== 0 && Math.abs(value) < 1e-4;
  const exact = new Intl.NumberFormat('en-US', {maximumSignificantDigits: 4});
  const whole = new Intl.NumberFormat('en-US', {maximumFractionDigits: 0});
  const compact = new Intl.NumberFormat('en-US', {notation: 'compact', maximumSignificantDigits: 4});
  const exactly = value => (tiny(value) ? value.toExponential(2) : (Math.abs(value) >= 1e3 ? whole : exact).format(value));
  const shortly = value => (tiny(value) ? value.toExponential() : (Math.abs(value) >= 1e4 ? compact : exact).format(value));

  function swatch(line) {
    const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
    for (const [name, value] of Object.entries({class: 'swatch', width: 36, height: 10, 'aria-hidden': true}))
      svg.setAttribute(name, value);
    const stroke = document.createElementNS('http://www.w3.org/2000/svg', 'line');
    for (const [name, value] of Object.entries({class: line, x1: 1, y1: 5, x2: 35, y2: 5})) stroke.setAttribute(name, value);
    svg.append(stroke);
    return svg;
  }

  // A line above the plot for each series: its swatch, its name, and what it is at the chosen steps. Of many runs only
  // the one that is pointed at has its line.
  function readout(list, series) {
    const where = document.createElement('li');
    where.className = 'where';
    const items = series.map(one => {
      const item = document.createElement('li');
      const text = document.createElement('span');
      if (series.length > 1) item.append(swatch(one.style));
      item.append(text);
      list.append(item);
      return {item, text};
    });
    list.append(where);
    return {items, where};
  }

  function words(cell) {
    if (!cell) return '–';
    const [low, middle, high] = cell;
    return exactly(middle) + (low < high ? ` (${exactly(low)} to ${exactly(high)})` : '');
  }

  return {whole, shortly, swatch, readout, words};
})();
