// Parallel coordinates: a line a trial. The axes stand beside each other where there is room, else they are rows.
(() => {
  'use strict';
  const trials = sweepTrials;
  if (!trials) return;
  const {sweep} = trials;
  const box = document.getElementById('parallel');
  const layers = trials.layers(box);
  const strips = Array.from({length: sweep.keys.length + 1}, () => {
    const strip = document.createElement('div');
    strip.className = 'strip';
    box.append(strip);
    return strip;
  });
  let plan;   // how the axes lie
  let paths;  // [trials][axes] along the axes [pixels]; null: takes no part

  // `across` is the direction in which one goes from axis to axis, `along` that of the axes.
  function layOut() {
    const axes = trials.axes();
    const count = axes.length;
    const rows = box.clientWidth / count < 88;
    box.style.height = rows ? `${count * 62 + 6}px` : '420px';
    box.classList.toggle('rows', rows);
    const [width, height] = layers.fit();
    const [left, right] = rows ? [14, width - 14] : [60, width - 84];
    const [first, last] = rows ? [30, height - 38] : [left, right];
    const across = k => (count > 1 ? first + k * (last - first) / (count - 1) : (first + last) / 2);
    const along = rows ? at => left + 8 + at * (right - left - 16) : at => height - 30 - at * (height - 92);
    plan = {axes, rows, across, along, width, height, gap: (last - first) / Math.max(count - 1, 1)};
  }

  const point = (k, v) => (plan.rows ? [v, plan.across(k)] : [plan.across(k), v]);

  function trace(context, path) {
    context.beginPath();
    path.forEach((v, k) => (k ? context.lineTo(...point(k, v)) : context.moveTo(...point(k, v))));
    context.stroke();
  }

  function drawAxis(context, k) {
    const colours = trials.css();
    context.setLineDash([]);
    context.lineWidth = k === sweep.keys.length ? 2 : 1;
    context.strokeStyle = colours.strong;
    context.beginPath();
    context.moveTo(...point(k, plan.along(0)));
    context.lineTo(...point(k, plan.along(1)));
    context.stroke();
    drawNames(context, k);
  }

  // What stands at an axis.
  function drawNames(context, k) {
    const axis = plan.axes[k];
    const colours = trials.css();
    const ticks = axis.ticks(plan.rows ? Math.max(3, Math.floor(plan.width / 80)) : 6);
    for (const {at, label} of ticks) {
      const [x, y] = point(k, plan.along(at));
      const near = plan.rows ? (at < 0.06 ? 'left' : at > 0.94 ? 'right' : 'center') : 'left';
      trials.write(context, label, plan.rows ? x : x + 6, plan.rows ? y + 16 : y + 4, {align: near});
    }
    if (axis.lane) {
      const [x, y] = point(k, plan.along(axis.lane * 0.42));
      trials.write(context, axis.none, plan.rows ? x : x + 6, plan.rows ? y + 16 : y + 4, {align: plan.rows ? 'center' : 'left'});
    }
    const [x, y] = point(k, plan.along(plan.rows ? 0 : 1));
    const low = !plan.rows && plan.gap < 125 && k % 2 === 1;  // every second name stands lower, so that all have room
    trials.write(context, axis.name, plan.rows ? x - 8 : x, plan.rows ? y - 9 : y - (low ? 14 : 32),
      {align: plan.rows ? 'left' : 'center', colour: colours.text, bold: true});
  }

  function drawSpan(context, k, [low, high]) {
    const [x0, y0] = point(k, plan.along(low));
    const [x1, y1] = point(k, plan.along(high));
    const wide = 8;
    context.fillStyle = trials.css().text;
    context.globalAlpha = 0.22;
    if (plan.rows) context.fillRect(x0, y0 - wide, x1 - x0, 2 * wide);
    else context.fillRect(x0 - wide, y1, 2 * wide, y0 - y1);
    context.globalAlpha = 1;
  }

  function draw() {
    layOut();
    const {base: context} = layers;
    const colours = trials.css();
    context.clearRect(0, 0, plan.width, plan.height);
    paths = sweep.numbers.map((_, i) => {
      const places = plan.axes.map((axis, k) => {
        const at = trials.place(k, i);
        return at === null ? null : plan.along(at + (axis.list ? trials.jitter(i) * 0.05 : 0));
      });
      return places.includes(null) ? null : places;
    });
    const stroke = (i, colour, alpha, width) => {
      if (!paths[i]) return;
      context.strokeStyle = colour;
      context.globalAlpha = alpha;
      context.lineWidth = width;
      trace(context, paths[i]);
    };
    const order = [...trials.byRank].reverse();  // the best on top
    // Many lines hide each other: all but the best are faint then.
    const faint = Math.min(0.75, 300 / sweep.numbers.length);
    const alpha = i => faint + (0.75 - faint) * trials.share(i) ** 12;
    for (const i of order) if (!trials.passes(i)) stroke(i, colours.line, 0.35, 1);
    for (const i of order) if (trials.passes(i)) stroke(i, colours.trial[i], alpha(i), 1.3);
    for (const [i, colour, dash] of [[trials.base, colours.base, [5, 4]], [trials.winner, colours.winner, []]]) {
      context.setLineDash(dash);
      if (i >= 0 && trials.passes(i)) stroke(i, colour, 1, 2.5);
    }
    context.globalAlpha = 1;
    plan.axes.forEach((_, k) => drawAxis(context, k));
    for (const [k, span] of trials.filters) drawSpan(context, k, span);
    placeStrips();
    mark();
  }

  function placeStrips() {
    strips.forEach((strip, k) => {
      const at = plan.across(k);
      const [x, y, w, h] = plan.rows ? [0, at - 20, plan.width, 40] : [at - 16, 44, 32, plan.height - 58];
      Object.assign(strip.style, {left: `${x}px`, top: `${y}px`, width: `${w}px`, height: `${h}px`});
    });
  }

  function mark() {
    const {top: context} = layers;
    const i = trials.shown();
    context.clearRect(0, 0, plan.width, plan.height);
    say(i ?? (trials.winner >= 0 ? trials.winner : trials.byRank[0]));
    if (i === null || !paths[i]) return;
    const colours = trials.css();
    for (const [colour, width] of [[colours.paper, 6], [i === trials.winner ? colours.winner : colours.text, 2.5]]) {
      context.strokeStyle = colour;
      context.lineWidth = width;
      trace(context, paths[i]);
    }
    paths[i].forEach((v, k) => {
      context.beginPath();
      context.arc(...point(k, v), 4, 0, 2 * Math.PI);
      context.fillStyle = colours.text;
      context.fill();
    });
    plan.axes.forEach((_, k) => drawNames(context, k));
  }

  // The trial in words: what it came to, then its values.
  function say(i) {
    const panel = document.getElementById('trial');
    if (panel.dataset.trial === String(i)) return;
    panel.dataset.trial = i;
    const heading = document.createElement('p');
    heading.textContent = trials.title(i);
    const list = document.createElement('dl');
    for (const key of sweep.keys) {
      const pair = document.createElement('div');
      const [term, value] = [document.createElement('dt'), document.createElement('dd')];
      term.textContent = key.key;
      value.textContent = key.text[i];
      pair.append(term, value);
      list.append(pair);
    }
    panel.replaceChildren(heading, list);
  }

  // The trial whose line is nearest to a point, of those that pass the filter; null: none is near.
  function nearest(event, reach) {
    const area = box.getBoundingClientRect();
    const [x, y] = [event.clientX - area.left, event.clientY - area.top];
    const [u, v] = plan.rows ? [y, x] : [x, y];
    const place = Math.max(0, Math.min(plan.axes.length - 1.0001, (u - plan.across(0)) / plan.gap));
    const [k, share] = plan.axes.length > 1 ? [Math.floor(place), place % 1] : [0, 0];
    let best = null;
    for (const i of trials.byRank) {
      const path = paths[i];
      if (!path || !trials.passes(i)) continue;
      const distance = Math.abs(path[k] + share * ((path[k + 1] ?? path[k]) - path[k]) - v);
      if (distance < reach - 0.5) [best, reach] = [i, distance];
    }
    return best;
  }

  // ---- Drawing a span along an axis.

  const positionOf = event => {
    const area = box.getBoundingClientRect();
    const v = plan.rows ? event.clientX - area.left : event.clientY - area.top;
    return Math.max(-0.05, Math.min(1.05, (v - plan.along(0)) / (plan.along(1) - plan.along(0))));
  };
  let drag = null;

  strips.forEach((strip, k) => {
    strip.addEventListener('pointerdown', event => {
      if (event.button !== 0) return;
      drag = {k, from: positionOf(event), moved: false};
      strip.setPointerCapture(event.pointerId);
    });
    strip.addEventListener('pointermove', event => {
      if (drag?.k !== k) return;
      const to = positionOf(event);
      const pixels = Math.abs(plan.along(to) - plan.along(drag.from));
      if (pixels < 5 && !drag.moved) return;
      drag.moved = true;
      trials.setFilter(k, [Math.min(drag.from, to), Math.max(drag.from, to)]);
    });
    strip.addEventListener('pointerup', event => {
      if (drag?.k === k && !drag.moved) {
        if (trials.filters.has(k)) trials.setFilter(k, null);
        else trials.keep(nearest(event, 24));
      }
      drag = null;
    });
    strip.addEventListener('pointercancel', () => { drag = null; });
  });

  box.addEventListener('pointermove', event => drag || event.pointerType !== 'mouse' || trials.choose(nearest(event, 24)));
  box.addEventListener('pointerleave', () => trials.choose(null));
  box.addEventListener('click', event => event.target.className === 'strip' || trials.keep(nearest(event, 24)));
  box.addEventListener('keydown', event => trials.keys(event));
  box.addEventListener('blur', () => trials.choose(null));
  document.querySelector('.ramp').hidden = false;
  trials.add({draw, mark});
  window.sweepChart = {  // for whoever looks with the browser's console, and for tests
    trials,
    at: (k, position) => point(k, plan.along(position)),
    path: i => paths[i]?.map((v, k) => point(k, v)),
    rows: () => plan.rows,
  };
})();
