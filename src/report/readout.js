// What a chart says in words, its swatches and dots, and how numbers are written.
const readouts = (() => {
  'use strict';
  const tiny = value => value !== 0 && Math.abs(value) < 1e-4;
  const exact = new Intl.NumberFormat('en-US', {maximumSignificantDigits: 4});
  const whole = new Intl.NumberFormat('en-US', {maximumFractionDigits: 0});
  const compact = new Intl.NumberFormat('en-US', {notation: 'compact', maximumSignificantDigits: 4});
  const exactly = value => (tiny(value) ? value.toExponential(2) : (Math.abs(value) >= 1e3 ? whole : exact).format(value));
  const shortly = value => (tiny(value) ? value.toExponential() : (Math.abs(value) >= 1e4 ? compact : exact).format(value));

  function shape(kind, attributes) {
    const element = document.createElementNS('http://www.w3.org/2000/svg', kind);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    return element;
  }

  // A piece of the series' line, or one of its dots; the first shape in it has its colour and dashes.
  function swatch({style, isDots}) {
    const svg = shape('svg', {class: 'swatch', width: isDots ? 10 : 36, height: isDots ? 16 : 10, 'aria-hidden': true});
    svg.append(shape('line', isDots ? {class: style, x1: 5, y1: 1, x2: 5, y2: 15} : {class: style, x1: 1, y1: 5, x2: 35, y2: 5}));
    if (isDots) svg.append(shape('circle', {class: style, cx: 5, cy: 8, r: 3.5}));
    return svg;
  }

  // A plotter of dygraphs: a dot for each point, with a line from its low to its high.
  function drawDots({points, drawingContext: context, color, plotArea}) {
    const paper = getComputedStyle(document.documentElement).getPropertyValue('--background').trim();
    for (const {canvasx: x, canvasy: y, yval, y_top: low, y_bottom: high} of points) {
      if (yval === null || Number.isNaN(yval)) continue;
      context.strokeStyle = color;
      context.beginPath();
      context.moveTo(x, plotArea.y + plotArea.h * low);
      context.lineTo(x, plotArea.y + plotArea.h * high);
      context.stroke();
      context.fillStyle = color;
      context.strokeStyle = paper;  // keeps it apart from a line of its colour
      context.beginPath();
      context.arc(x, y, 4, 0, 2 * Math.PI);
      context.fill();
      context.stroke();
    }
  }

  // A line above the plot for each series: its swatch, its name, and what it is at the chosen steps. Of many runs only
  // the one that is pointed at has its line.
  function readout(list, series) {
    const where = document.createElement('li');
    where.className = 'where';
    const items = series.map(one => {
      const item = document.createElement('li');
      const text = document.createElement('span');
      if (series.length > 1) item.append(swatch(one));
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

  return {whole, shortly, swatch, readout, words, drawDots};
})();
