// The trials at each rung: those that were kept beside those that were cut, and the controls.
(() => {
  'use strict';
  const trials = sweepTrials;
  const box = document.getElementById('rung-chart');
  if (!trials || !box) return;
  const {rungs, numbers, lower} = trials.sweep;
  const kinds = ['kept', 'cut', 'control'];
  const layers = trials.layers(box);
  const readout = document.getElementById('rung-readout');
  const [left, right, above, below] = [54, 8, 26, 42];

  // Above the rule the scores, the best at the top; below it the returns of those without one. at(dot): from 0 to 1.
  const there = ([, , score, mean]) => score !== null || mean !== null;
  const all = rungs.flatMap(({dots}) => dots).filter(there);
  const scale = (values, scale) => {
    const [min, max] = values.reduce(([low, high], value) => [Math.min(low, value), Math.max(high, value)], [Infinity, -Infinity]);
    return values.length ? sweepScales.keyAxis({key: '', scale, min, max: max > min ? max : min + 1}) : null;
  };
  const scores = scale(all.map(dot => dot[2]).filter(value => value !== null), lower ? 'log' : 'linear');
  const returns = scale(all.filter(dot => dot[2] === null).map(dot => dot[3]), 'linear');
  const rule = scores && returns ? 0.5 : scores ? 0 : 1;
  const scorePlace = at => rule + (1 - rule) * (rule ? 0.06 : 0) + (1 - rule) * (rule ? 0.94 : 1) * (lower ? 1 - at : at);
  const returnPlace = at => at * rule * (scores ? 0.86 : 1);
  const placeOf = ([, , score, mean]) => (score === null ? returnPlace(returns.at(mean)) : scorePlace(scores.at(score)));
  let [width, height] = [0, 0];
  const y = at => height - below - 6 - at * (height - above - below - 10);
  const column = () => (width - left - right) / rungs.length;

  // Kept ones on the left half of the rung's column, the others on the right.
  const place = (rung, dot) => {
    const [i, kind] = dot;
    const half = column() * 0.38;
    const middle = left + column() * (rung + 0.5) + (kind === 0 ? -0.55 : 0.55) * half;
    return [middle + trials.jitter(i) * half * 0.8, y(placeOf(dot))];
  };

  // A mark that differs by colour and form: disc, ring, triangle.
  function shape(context, x, y, kind, size) {
    const colours = trials.css();
    context.beginPath();
    if (kind === 2) {
      context.moveTo(x, y - size * 1.5);
      context.lineTo(x + size * 1.35, y + size);
      context.lineTo(x - size * 1.35, y + size);
      context.closePath();
    } else {
      context.arc(x, y, size, 0, 2 * Math.PI);
    }
    context.strokeStyle = context.fillStyle = colours[kinds[kind]];
    context.lineWidth = 1.4;
    if (kind === 1) context.stroke();
    else context.fill();
  }

  function rules(context, at, colour, dash) {
    context.setLineDash(dash);
    context.strokeStyle = colour;
    context.lineWidth = 1;
    context.beginPath();
    context.moveTo(left, at);
    context.lineTo(width - right, at);
    context.stroke();
    context.setLineDash([]);
  }

  // What the two parts are, said over the marks.
  function namePart(context, text, at) {
    trials.write(context, text, left, at);
  }

  function draw() {
    [width, height] = layers.fit();
    const {base: context} = layers;
    const colours = trials.css();
    context.clearRect(0, 0, width, height);
    const ticks = [
      ...(scores?.ticks(5) ?? []).map(({at, label}) => ({at: scorePlace(at), label})),
      ...(returns?.ticks(4) ?? []).map(({at, label}) => ({at: returnPlace(at), label})),
    ];
    for (const {at, label} of ticks) {
      rules(context, y(at), colours.line, []);
      trials.write(context, label, left - 8, y(at) + 4, {align: 'right'});
    }
    if (scores && returns) rules(context, y(rule), colours.strong, [2, 3]);
    rungs.forEach(({steps, end, kept, rivals, dots}, rung) => {
      const middle = left + column() * (rung + 0.5);
      trials.write(context, column() > 80 ? `${readouts.whole.format(steps)} steps` : readouts.shortly(steps), middle, height - 24,
        {align: 'center', colour: colours.text});
      trials.write(context, end ? 'the end' : column() > 80 ? `${readouts.whole.format(kept)} of ${readouts.whole.format(rivals)} kept` : `${kept}/${rivals}`, middle, height - 8, {align: 'center'});
      for (const dot of dots.filter(there)) {
        context.globalAlpha = trials.passes(dot[0]) ? 0.8 : 0.12;
        shape(context, ...place(rung, dot), dot[1], numbers.length > 600 ? 1.8 : 2.8);
      }
      context.globalAlpha = 1;
    });
    if (lower && scores) namePart(context, 'steps to the target', 13);
    if (lower && returns) namePart(context, 'not reached: mean return', scores ? y(rule) + 13 : 13);
    mark();
  }

  const words = ([, , score, mean]) => (
    score === null ? `return ${readouts.words([0, mean, 0])}` : readouts.words([0, score, 0]) + (lower ? ' steps' : ''));

  // The way of the chosen trial through the rungs.
  function mark() {
    const {top: context} = layers;
    const i = trials.shown();
    context.clearRect(0, 0, width, height);
    readout.textContent = '';
    if (i === null) return;
    const way = rungs.flatMap(({steps, dots}, rung) => (
      dots.filter(dot => dot[0] === i && there(dot)).map(dot => ({at: place(rung, dot), kind: dot[1], text: `${words(dot)} at ${readouts.shortly(steps)}`}))));
    readout.textContent = `Trial ${readouts.whole.format(numbers[i])}: ` + way.map(({text, kind}) => text + (kind ? `, ${kinds[kind]}` : '')).join('; ');
    const colours = trials.css();
    for (const [colour, wide] of [[colours.paper, 5], [colours.text, 2]]) {
      context.strokeStyle = colour;
      context.lineWidth = wide;
      context.beginPath();
      way.forEach(({at}, step) => (step ? context.lineTo(...at) : context.moveTo(...at)));
      context.stroke();
    }
    for (const {at} of way) {
      context.beginPath();
      context.arc(...at, 4.5, 0, 2 * Math.PI);
      context.fillStyle = colours.text;
      context.fill();
    }
  }

  function nearest(event) {
    const area = box.getBoundingClientRect();
    let [best, reach] = [null, 18];
    rungs.forEach(({dots}, rung) => {
      for (const dot of dots) {
        if (!there(dot) || !trials.passes(dot[0])) continue;
        const [px, py] = place(rung, dot);
        const distance = Math.hypot(px - event.clientX + area.left, py - event.clientY + area.top);
        if (distance < reach) [best, reach] = [dot[0], distance];
      }
    });
    return best;
  }

  // The marks' names, drawn as they are in the chart.
  function nameMarks() {
    const list = document.getElementById('marks');
    list.replaceChildren(...kinds.map((name, kind) => {
      const item = document.createElement('li');
      const canvas = document.createElement('canvas');
      const scale = window.devicePixelRatio || 1;
      canvas.width = canvas.height = 14 * scale;
      const context = canvas.getContext('2d');
      context.scale(scale, scale);
      shape(context, 7, 7, kind, 3.6);
      item.append(canvas, name);
      return item;
    }));
    list.hidden = false;
  }

  box.addEventListener('pointermove', event => event.pointerType === 'mouse' && trials.choose(nearest(event)));
  box.addEventListener('pointerleave', () => trials.choose(null));
  box.addEventListener('click', event => trials.keep(nearest(event)));
  box.addEventListener('keydown', event => trials.keys(event));
  box.addEventListener('blur', () => trials.choose(null));
  trials.add({draw() { draw(); nameMarks(); }, mark});
})();
