// The charts, what is shown of them and of which runs.
(() => {
  'use strict';
  const report = JSON.parse(document.getElementById('data').textContent);
  const root = document.documentElement;
  const single = report.runs.length === 1;
  const {whole, shortly, swatch, readout, words, drawDots} = readouts;

  // ---- Charts. All have the same rows, the steps of all runs, so that a row means the same in each of them.

  const stepsOf = run => [...Object.values(run.curves), run.evaluations].flatMap(curve => curve?.steps ?? []);
  const steps = [...new Set(report.runs.flatMap(stepsOf))].sort((a, b) => a - b);
  const rowOf = new Map(steps.map((at, row) => [at, row]));
  const charts = [];

  // [steps, [low, middle, high] of each series]; null where a run has no number.
  function rowsOf(series) {
    const rows = steps.map(at => [at, ...series.map(({curve, value}) => curve ? null : [value, value, value])]);
    series.forEach(({curve}, i) => {
      curve?.middle.forEach((middle, j) => {
        if (middle === null) return;
        rows[rowOf.get(curve.steps[j])][i + 1] = curve.low ? [curve.low[j], middle, curve.high[j]] : [middle, middle, middle];
      });
    });
    return rows;
  }

  const hidden = new Set();  // numbers of runs
  let chosen = null;         // the row that is looked at
  let nearest;               // of many runs: the number of the one that is pointed at

  // The chosen row, or else each run's last number; of evaluations the latest until there.
  function show(chart) {
    const text = chart.series.map((one, i) => {
      const cells = chosen !== null && !one.isDots ? chart.rows[chosen]
        : chart.rows.findLast((cells, row) => cells[i + 1] && (chosen === null || row <= chosen));
      const name = one.isDots && cells ? `${one.name} at ${whole.format(cells[0])} steps:` : one.name;
      return (name ? name + ' ' : '') + words(cells?.[i + 1]);
    });
    chart.readout.items.forEach(({item, text: words}, i) => {
      const {run} = chart.series[i];
      words.textContent = text[i];
      item.hidden = hidden.has(run) || (report.many && run !== undefined && run !== nearest);
    });
    const where = chosen === null ? (report.many ? '' : 'at the end') : `at ${whole.format(steps[chosen])} steps`;
    chart.readout.where.textContent = where;
    return text.filter((_, i) => !hidden.has(chart.series[i].run)).join(', ') + ' ' + where;
  }

  function choose(row, from, run) {
    chosen = row;
    nearest = run;
    for (const chart of charts) {
      if (chart !== from) {
        if (row === null) chart.graph.clearSelection();
        else chart.graph.setSelection(row, run === undefined ? undefined : 'run ' + run);
      }
      show(chart);
    }
  }

  // ---- The steps that are shown are the same in all charts; a span of values is a chart's own.

  const reset = document.getElementById('reset');
  const all = [0, 1.01 * steps.at(-1)];  // with room for a dot at the end
  let shown = all;

  function markZoom() {
    reset.disabled = shown === all && !charts.some(chart => chart.graph.isZoomed('y'));
  }

  // All of the range, as far as there are steps.
  function zoom([left, right]) {
    const width = Math.min(Math.max(right - left, steps[0]), all[1]);
    const from = Math.min(Math.max(left, 0), all[1] - width);
    shown = width > 0.9999 * all[1] ? all : [from, from + width];
    for (const chart of charts) chart.graph.updateOptions({dateWindow: shown, valueRange: null});
    markZoom();
  }

  function showAll() {
    zoom(all);
    choose(null, null);
  }

  function zoomBy(scale) {
    const [left, right] = shown;
    const middle = chosen === null ? (left + right) / 2 : steps[chosen];
    const half = (right - left) * scale / 2;
    zoom([middle - half, middle + half]);
  }

  function move(share) {
    const by = (shown[1] - shown[0]) * share;
    zoom([shown[0] + by, shown[1] + by]);
  }

  // What a drag in one chart has done to it.
  function follow(graph) {
    const range = graph.xAxisRange();
    if (String(range) === String(shown)) markZoom();
    else zoom(range);
  }

  // Colours and dashes are those of the style sheet, as the swatches in the readout have them.
  function lineStyles(chart) {
    const box = document.createElement('div');
    document.body.append(box);
    const styles = chart.series.map(one => {
      const mark = swatch(one);
      box.append(mark);
      const style = getComputedStyle(mark.firstChild);
      const dash = style.strokeDasharray.match(/[\d.]+/g);
      return {color: style.stroke, strokePattern: dash ? dash.map(Number) : null};
    });
    box.remove();
    return Object.fromEntries(chart.series.map((one, i) => (
        [one.label, {...styles[i], strokeWidth: one.width, ...(one.isDots && {plotter: drawDots})}])));
  }

  function colours(chart) {
    const style = getComputedStyle(root);
    const line = style.getPropertyValue('--line').trim();
    return {series: lineStyles(chart), gridLineColor: line, axisLineColor: style.getPropertyValue('--strong-line').trim()};
  }

  // By mouse as dygraphs does it. Not by touch, which is to scroll the page.
  function mouseOnly() {
    const {touchstart, touchmove, touchend, ...model} = Dygraph.defaultInteractionModel;
    return {...model, dblclick: showAll};
  }

  function keys(event, chart) {
    const rows = steps.length;
    const step = {ArrowLeft: -1, ArrowRight: 1, PageUp: -10, PageDown: 10, Home: -rows, End: rows}[event.key];
    const scale = {'+': 0.5, '=': 0.5, '-': 2}[event.key];
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (step !== undefined) {
      choose(Math.max(0, Math.min(rows - 1, (chosen ?? (step < 0 ? rows : -1)) + step)), null);
      document.getElementById('spoken').textContent = show(chart);
    } else if (scale !== undefined) {
      zoomBy(scale);
    } else if (event.key === '0' || event.key === 'Escape') {
      showAll();
    } else {
      return;
    }
    event.preventDefault();
  }

  const line = (run, i, key) => (
      {label: 'run ' + i, run: i, name: single ? '' : run.name, style: `colour-${i % 6} dash-${i % 5}`, width: 2, curve: run.curves[key]});

  // The lines of all runs, the dots of those that are evaluated, the thresholds.
  function seriesOfReturn() {
    const lines = report.runs.map((run, i) => line(run, i, 'return'));
    const dots = report.runs.map((run, i) => (
        {label: 'evaluation ' + i, run: i, name: (single ? '' : run.name + ', ') + 'evaluation', style: `colour-${i % 6}`, width: 1.5,
         curve: run.evaluations, isDots: true})).filter(one => one.curve);
    const solved = report.solved.map((value, i) => (
        {label: 'solved ' + i, name: (report.threshold ?? 'solved') + ':', style: 'threshold', width: 1.5, value}));
    if (single && dots.length) lines[0].name = 'training:';
    return [...lines, ...dots, ...solved];
  }

  function makeChart(figure) {
    const key = figure.dataset.chart;
    const series = key === 'return' ? seriesOfReturn() : report.runs.map((run, i) => line(run, i, key));
    const chart = {series, rows: rowsOf(series)};
    chart.readout = readout(figure.querySelector('.readout'), series);
    const plot = figure.querySelector('.plot');
    chart.graph = new Dygraph(plot, chart.rows, {
      labels: ['steps', ...series.map(one => one.label)],
      ...colours(chart),
      customBars: true,
      connectSeparatedPoints: true,
      dateWindow: all,
      xlabel: key === 'return' ? 'environment steps' : '',
      legend: 'never',
      fillAlpha: 0.16,
      includeZero: true,
      highlightCircleSize: 4,
      highlightSeriesOpts: report.many ? {strokeWidth: 3} : null,
      pointSize: 3.5,  // of points without neighbours; others are not drawn
      interactionModel: mouseOnly(),
      animatedZooms: false,
      axes: {
        x: {axisLabelFormatter: shortly, drawGrid: false, pixelsPerLabel: plot.clientWidth > 500 ? 80 : 45, axisLabelWidth: 60},
        y: {axisLabelFormatter: shortly, axisLabelWidth: 58, pixelsPerLabel: 42, axisLineWidth: 0.01},
      },
      highlightCallback: (event, x, points, row, series) => choose(row, chart, chart.series.find(one => one.label === series)?.run),
      unhighlightCallback: () => choose(null, chart),
      drawCallback: (graph, initial) => initial || follow(graph),
    });
    plot.addEventListener('keydown', event => keys(event, chart));
    show(chart);
    return chart;
  }

  function restyle() {
    for (const chart of charts) chart.graph.updateOptions(colours(chart));
  }

  for (const figure of document.querySelectorAll('.chart')) charts.push(makeChart(figure));
  const zooms = {in: () => zoomBy(0.5), out: () => zoomBy(2), back: () => move(-0.5), on: () => move(0.5), all: showAll};
  for (const button of document.querySelectorAll('#zoom button'))
    button.addEventListener('click', zooms[button.dataset.zoom]);

  // ---- Of several runs each can be hidden.

  const legend = document.querySelector('.legend');
  const toggles = legend === null || !charts.length ? [] : report.runs.map((run, i) => {
    const item = document.createElement('li');
    const button = document.createElement('button');
    button.type = 'button';
    button.setAttribute('aria-pressed', true);
    button.append(swatch(charts[0].series[i]), run.name);
    button.addEventListener('click', () => setHidden([i], !hidden.has(i)));
    item.append(button);
    legend.append(item);
    return button;
  });

  function setHidden(runs, hide) {
    for (const i of runs) {
      if (hide) hidden.add(i);
      else hidden.delete(i);
    }
    for (const chart of charts) chart.graph.setVisibility(chart.series.map(({run}) => !hidden.has(run)));
    toggles.forEach((button, i) => button.setAttribute('aria-pressed', !hidden.has(i)));
    choose(null, null);
  }

  for (const button of document.querySelectorAll('#runs button'))
    button.addEventListener('click', () => setHidden(report.runs.map((_, i) => i), button.dataset.runs === 'none'));
  for (const part of document.querySelectorAll('.toolbar, .legend')) part.hidden = false;
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', restyle);
  root.addEventListener('schemechange', restyle);  // page.js
  if (report.opens_until && charts.length) zoom([0, report.opens_until]);
  window.reportCharts = charts;  // for whoever looks with the browser's console, and for tests
})();
