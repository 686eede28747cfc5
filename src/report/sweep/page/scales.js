// The axes of a sweep's charts: where a value lies on one, from 0 to 1, and which marks one has.
const sweepScales = (() => {
  'use strict';
  const {shortly} = readouts;
  const scaled = {
    linear: [x => x, y => y],
    log: [Math.log, Math.exp],
    log1m: [x => -Math.log(1 - x), y => 1 - Math.exp(-y)],
    pow2: [Math.log2, y => 2 ** Math.round(y)],
  };

  const exact = new Intl.NumberFormat('en-US', {maximumSignificantDigits: 6});
  const label = value => (value !== 0 && Math.abs(value) < 1e-3 ? value.toExponential() :
    Math.abs(value) >= 1e4 ? shortly(value) : exact.format(value));

  // 1, 2 and 5 times the powers of ten in a range; only 1 where that is enough.
  function decades(low, high) {
    const all = [];
    for (let power = Math.floor(Math.log10(low)); power <= Math.ceil(Math.log10(high)); ++power)
      for (const digit of [1, 2, 5]) all.push({value: digit * 10 ** power, digit});
    const inside = all.filter(({value}) => value >= low * 0.9999 && value <= high * 1.0001);
    const round = inside.filter(({digit}) => digit === 1);
    return (round.length > 2 ? round : inside).map(({value}) => Number(value.toPrecision(12)));
  }

  function even(low, high, most) {
    const rough = (high - low) / most;
    const power = 10 ** Math.floor(Math.log10(rough));
    const step = power * [1, 2, 2.5, 5, 10].find(factor => factor * power >= rough);
    const ticks = [];
    for (let i = Math.ceil(low / step - 1e-9); i * step <= high + step * 1e-9; ++i) ticks.push(Number((i * step).toPrecision(12)));
    return ticks;
  }

  // Not more than `most` of them, evenly chosen.
  const thinned = (ticks, most) => {
    const stride = Math.ceil(ticks.length / most);
    return ticks.filter((_, i) => i % stride === 0);
  };

  // The axis of a key: {name, at(value), value(position), ticks(most): [{at, label}]}.
  function keyAxis(key) {
    if (key.values) {
      const place = i => (key.values.length === 1 ? 0.5 : i / (key.values.length - 1));
      return {
        name: key.key, list: key.values,
        at: value => place(key.values.indexOf(value)),
        ticks: most => thinned(key.values.map((value, i) => ({at: place(i), label: value})), most),
      };
    }
    const [there, back] = scaled[key.scale];
    const [low, high] = [there(key.min), there(key.max)];
    const at = value => (there(value) - low) / (high - low);
    const values = most => ({
      linear: () => even(key.min, key.max, most),
      log: () => decades(key.min, key.max),
      log1m: () => decades(1 - key.max, 1 - key.min).map(rest => Number((1 - rest).toPrecision(12))),
      pow2: () => Array.from({length: Math.round(high - low) + 1}, (_, i) => 2 ** (low + i)),
    })[key.scale]();
    return {
      name: key.key, at,
      value: position => label(Number(back(low + position * (high - low)).toPrecision(4))),
      ticks: most => thinned(values(most).map(value => ({at: at(value), label: label(value)})), most),
    };
  }

  // The axis of a measure: the best at 1, and a lane at 0 for what has no value.
  function measureAxis(measure) {
    const there = measure.log ? Math.log : x => x;
    const back = measure.log ? Math.exp : y => y;
    const [worst, best] = [there(measure.worst), there(measure.best)];
    const at = value => measure.lane + (1 - measure.lane) * (there(value) - worst) / (best - worst);
    const [low, high] = [Math.min(measure.worst, measure.best), Math.max(measure.worst, measure.best)];
    const values = most => {
      if (measure.rank) return [1, ...even(low, high, most).filter(value => value > 1 + (high - low) / (2 * most))];
      return measure.log && high / low > 8 ? decades(low, high) : even(low, high, most);
    };
    const ticks = most => thinned(values(most)
      .map(value => ({at: at(value), label: label(value)})), most);
    return {
      name: measure.rank ? 'rank' : 'score', at, ticks, lane: measure.lane, none: measure.none,
      value: position => label(Number(back(worst + (position - measure.lane) / (1 - measure.lane) * (best - worst)).toPrecision(4))),
    };
  }

  return {keyAxis, measureAxis, label};
})();
