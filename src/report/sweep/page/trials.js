// What all charts of a sweep's trials share: the data, the trial that is looked at, the filter, the canvas.
const sweepTrials = (() => {
  'use strict';
  const {sweep} = JSON.parse(document.getElementById('data').textContent);
  if (!sweep) return null;
  const root = document.documentElement;
  const {whole} = readouts;
  const count = sweep.numbers.length;
  const byRank = sweep.numbers.map((_, i) => i).sort((a, b) => sweep.rank[a] - sweep.rank[b]);
  const winner = 'winner' in sweep ? sweep.numbers.indexOf(sweep.winner) : -1;
  const base = sweep.numbers.indexOf(0);
  const listeners = [];   // charts: {draw(), mark()}: all anew, or only the trial that is looked at
  const filters = new Map();  // number of the axis (behind those of the keys: the measure) -> [low, high]
  const state = {measure: 0, chosen: null, kept: null};

  const measure = () => sweep.measures[state.measure];
  const axes = () => [...sweep.keys.map(sweepScales.keyAxis), sweepScales.measureAxis(measure())];
  // Where trial i lies on the axis; null where it takes no part.
  const place = (axis, i) => (axis < sweep.keys.length ? sweep.keys[axis].at[i] : measure().at[i]);
  const share = i => (sweep.count > 1 ? 1 - (sweep.rank[i] - 1) / (sweep.count - 1) : 1);  // 1 the best, 0 the worst
  const jitter = i => (i * 0.618034) % 1 - 0.5;
  const passes = i => [...filters].every(([axis, [low, high]]) => {
    const at = place(axis, i);
    return at !== null && at >= low - 1e-6 && at <= high + 1e-6;
  });
  let passing = sweep.numbers.map(() => true);

  const redraw = () => listeners.forEach(chart => chart.draw());
  const shown = () => state.chosen ?? state.kept;

  function setFilter(axis, span) {
    if (span) filters.set(axis, span);
    else filters.delete(axis);
    refilter();
  }

  function refilter() {
    passing = sweep.numbers.map((_, i) => passes(i));
    redraw();
    document.dispatchEvent(new Event('trialfilter'));
  }

  function setMeasure(number) {
    state.measure = number;
    filters.delete(sweep.keys.length);
    refilter();
  }

  // i: null for none; `spoken`: also to be said.
  function choose(i, spoken = false) {
    if (i === state.chosen && !spoken) return;
    state.chosen = i;
    listeners.forEach(chart => chart.mark());
    if (spoken && i !== null) document.getElementById('trial-spoken').textContent = `${title(i)}. ${values(i)}`;
  }

  function keep(i) {
    state.kept = i === state.kept ? null : i;
    listeners.forEach(chart => chart.mark());
  }

  function title(i) {
    const score = sweep.measures.find(one => one.key === 'score');
    const what = i === winner ? ', the winner' : i === base ? ', the config as it stands' : '';
    const seeds = sweep.seeds[i] ? ` (its seeds: ${sweep.seeds[i]})` : '';
    return `Trial ${whole.format(sweep.numbers[i])}${what}, rank ${whole.format(sweep.rank[i])} of ${whole.format(sweep.count)} in the sweep, ` +
        `${sweep.state[i]}. Score: ${score ? score.text[i] : 'none'}${seeds}`;
  }

  const values = i => sweep.keys.map(key => `${key.key} ${key.text[i]}`).join(', ');

  // Arrow keys go through the trials that pass the filter, by rank. Returns whether the key was for that.
  function keys(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return false;
    const order = byRank.filter(i => passing[i]);
    const by = {ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1, PageUp: -10, PageDown: 10, Home: -count, End: count}[event.key];
    if (event.key === 'Escape') {
      state.kept = null;
      choose(null);
    } else if (by !== undefined && order.length) {
      const from = shown() === null ? (by < 0 ? 1 : -1) : order.indexOf(shown());
      choose(order[Math.max(0, Math.min(order.length - 1, from + by))], true);
    } else {
      return false;
    }
    event.preventDefault();
    return true;
  }

  // ---- Drawing.

  const css = name => getComputedStyle(root).getPropertyValue(name).trim();
  let colours = null;

  function readColours() {
    const channels = text => text.match(/[\da-f]{2}/gi).map(part => parseInt(part, 16));
    const ramp = [0, 1, 2, 3, 4].map(i => channels(css(`--ramp-${i}`)));
    const mixed = (_, i) => {
      const at = Math.min(share(i) ** 2.5 * 4, 3.9999);
      const [low, high] = [ramp[Math.floor(at)], ramp[Math.floor(at) + 1]];
      return `rgb(${low.map((part, k) => Math.round(part + (high[k] - part) * (at % 1))).join(' ')})`;
    };
    colours = {
      trial: sweep.numbers.map(mixed),
      text: css('--text'), muted: css('--muted'), line: css('--line'), strong: css('--strong-line'), paper: css('--background'),
      winner: css('--colour-1'), base: css('--text'), kept: css('--colour-0'), cut: css('--colour-1'), control: css('--colour-2'),
    };
  }

  // Two canvases on each other in the box, of which the upper one holds what changes often.
  function layers(box) {
    const make = () => {
      const canvas = document.createElement('canvas');
      box.append(canvas);
      return canvas.getContext('2d');
    };
    const both = [make(), make()];
    return {
      // Fits them to the box; returns its size [CSS pixels].
      fit() {
        const [width, height] = [box.clientWidth, box.clientHeight];
        for (const context of both) {
          const scale = window.devicePixelRatio || 1;
          context.canvas.width = Math.round(width * scale);
          context.canvas.height = Math.round(height * scale);
          context.setTransform(scale, 0, 0, scale, 0, 0);
          context.font = '12px system-ui, -apple-system, "Segoe UI", Roboto, sans-serif';
          context.lineJoin = 'round';
        }
        return [width, height];
      },
      base: both[0],
      top: both[1],
    };
  }

  // Text with a rim of paper, so that lines behind it do not hurt.
  function write(context, text, x, y, {align = 'left', colour = colours.muted, bold = false} = {}) {
    context.textAlign = align;
    if (bold) context.font = '600 ' + context.font;
    context.strokeStyle = colours.paper;
    context.lineWidth = 4;
    context.setLineDash([]);
    context.strokeText(text, x, y);
    context.fillStyle = colour;
    context.fillText(text, x, y);
    context.font = context.font.replace('600 ', '');
  }

  // A dot as the parallel lines have their colours; the winner and the config as it stands stand out.
  function dot(context, x, y, i, size) {
    context.beginPath();
    context.arc(x, y, i === winner || i === base ? size + 1.5 : size, 0, 2 * Math.PI);
    context.fillStyle = i === winner ? colours.winner : i === base ? colours.paper : colours.trial[i];
    context.fill();
    if (i !== winner && i !== base) return;
    context.lineWidth = 2;
    context.strokeStyle = i === base ? colours.base : colours.paper;
    context.stroke();
  }

  function add(chart) {
    listeners.push(chart);
    chart.draw();
  }

  function recolour() {
    readColours();
    redraw();
  }

  readColours();
  new ResizeObserver(redraw).observe(document.getElementById('parallel'));
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', recolour);
  root.addEventListener('schemechange', recolour);  // page.js
  return {
    sweep, state, filters, winner, base, byRank, measure, axes, place, share, jitter, setFilter, setMeasure, choose, keep, shown, keys, layers, write,
    dot, add, title, css: () => colours, passes: i => passing[i], passingCount: () => passing.filter(Boolean).length,
    clear() { filters.clear(); refilter(); },
  };
})();
