// The measure over each key by itself: a dot a trial, and boxes of the quartiles.
(() => {
  'use strict';
  const trials = sweepTrials;
  if (!trials) return;
  const {sweep} = trials;
  const [left, right, above, below] = [58, 12, 10, 24];

  function makeChart(figure) {
    const k = Number(figure.dataset.key);
    const box = figure.querySelector('.drawing');
    const readout = figure.querySelector('.readout');
    const layers = trials.layers(box);
    let [width, height] = [0, 0];
    let axis;
    let scores;
    const pad = () => 9 + spread() * (width - left - right) / 2;
    const x = at => left + pad() + at * (width - left - right - 2 * pad());
    const y = at => height - below - 6 - at * (height - above - below - 10);
    // Neighbours on a list are kept apart.
    const spread = () => (axis.list || sweep.keys[k].scale === 'pow2' ? 0.5 / Math.max(4, (axis.list?.length ?? 6)) : 0);
    const place = i => [x(sweep.keys[k].at[i] + trials.jitter(i) * spread()), y(trials.measure().at[i])];
    const takesPart = i => trials.measure().at[i] !== null;

    function drawAxes(context) {
      const colours = trials.css();
      for (const {at, label} of scores.ticks(4)) {
        context.strokeStyle = colours.line;
        context.lineWidth = 1;
        context.beginPath();
        context.moveTo(left, y(at));
        context.lineTo(width - right, y(at));
        context.stroke();
        trials.write(context, label, left - 7, y(at) + 4, {align: 'right'});
      }
      if (scores.lane) {
        context.strokeStyle = colours.strong;
        context.lineWidth = 1;
        context.setLineDash([2, 3]);
        context.beginPath();
        context.moveTo(left, y(scores.lane * 0.94));
        context.lineTo(width - right, y(scores.lane * 0.94));
        context.stroke();
        context.setLineDash([]);
        scores.none.split(' ').forEach((word, line, all) => (
          trials.write(context, word, left - 7, y(scores.lane * 0.42) + 4 + (line - (all.length - 1) / 2) * 13, {align: 'right'})));
      }
      context.strokeStyle = colours.strong;
      context.lineWidth = 1;
      context.beginPath();
      context.moveTo(left, height - below + 0.5);
      context.lineTo(width - right, height - below + 0.5);
      context.stroke();
      for (const {at, label} of axis.ticks(Math.max(3, Math.floor(width / 60))))
        trials.write(context, label, x(at), height - 7, {align: axis.list ? 'center' : at < 0.05 ? 'left' : at > 0.95 ? 'right' : 'center'});
    }

    function drawBoxes(context) {
      const colours = trials.css();
      for (const [from, to, , low, middle, high] of trials.measure().effects[k]) {
        const half = Math.max(7, spread() * (width - left - right) / 2);
        const [x0, x1] = from === to ? [x(from) - half, x(to) + half] : [x(from), x(to)];
        context.globalAlpha = 0.14;
        context.fillStyle = colours.text;
        context.fillRect(x0, y(high), x1 - x0, Math.max(y(low) - y(high), 2));
        context.globalAlpha = 1;
        context.fillRect(x0, y(middle) - 1.25, x1 - x0, 2.5);
      }
    }

    function draw() {
      [width, height] = layers.fit();
      axis = trials.axes()[k];
      scores = trials.axes().at(-1);
      const {base: context} = layers;
      context.clearRect(0, 0, width, height);
      drawAxes(context);
      const order = [...trials.byRank].reverse().filter(takesPart);
      const size = sweep.numbers.length > 600 ? 1.8 : 2.6;
      context.globalAlpha = 0.15;
      for (const i of order) if (!trials.passes(i)) trials.dot(context, ...place(i), i, size);
      context.globalAlpha = 0.85;
      for (const i of order) if (trials.passes(i)) trials.dot(context, ...place(i), i, size);
      context.globalAlpha = 1;
      drawBoxes(context);
      for (const i of [trials.base, trials.winner])
        if (i >= 0 && takesPart(i) && trials.passes(i)) trials.dot(context, ...place(i), i, size);
      mark();
    }

    function mark() {
      const {top: context} = layers;
      const i = trials.shown();
      context.clearRect(0, 0, width, height);
      const seen = i !== null && takesPart(i);
      readout.textContent = seen ? words(i) : '';
      if (!seen) return;
      const colours = trials.css();
      const [px, py] = place(i);
      const measure = trials.measure();
      context.strokeStyle = colours.text;
      context.lineWidth = 2;
      context.beginPath();
      context.moveTo(px, y(measure.low[i]));
      context.lineTo(px, y(measure.high[i]));
      context.stroke();
      context.beginPath();
      context.arc(px, py, 5, 0, 2 * Math.PI);
      context.fillStyle = colours.text;
      context.strokeStyle = colours.paper;
      context.fill();
      context.stroke();
    }

    const words = i => `Trial ${readouts.whole.format(sweep.numbers[i])}: ${sweep.keys[k].text[i]}, ${trials.measure().text[i]}`;

    function nearest(event) {
      const area = box.getBoundingClientRect();
      let [best, reach] = [null, 18];
      for (const i of trials.byRank) {
        if (!takesPart(i) || !trials.passes(i)) continue;
        const [px, py] = place(i);
        const distance = Math.hypot(px - event.clientX + area.left, py - event.clientY + area.top);
        if (distance < reach) [best, reach] = [i, distance];
      }
      return best;
    }

    box.addEventListener('pointermove', event => event.pointerType === 'mouse' && trials.choose(nearest(event)));
    box.addEventListener('pointerleave', () => trials.choose(null));
    box.addEventListener('click', event => trials.keep(nearest(event)));
    box.addEventListener('keydown', event => trials.keys(event));
    box.addEventListener('blur', () => trials.choose(null));
    trials.add({draw, mark});
    return {k, place};
  }

  window.sweepEffects = [...document.querySelectorAll('.effect[data-key]')].map(makeChart);
})();
