"""The Markdown side of scripts/gpu_check: what a record says, for people."""
import pathlib
import sys
from statistics import median

sys.path.append(str(pathlib.Path(__file__).resolve().parent.parent / 'bench'))  # in a prepared folder it lies beside
import gpu_model
from gpu_lab_report import of_the_lab
from gpu_tables import all_figures, figures_of, rows


def stages_of(team, card):
    """Of an update; with what the model predicts where it knows the card."""
    predicted = gpu_model.one_agent(card, team['blocks_per_agent']) if card else {}
    lines = [('stage', 'work µs', 'waiting µs', 'least µs', *(['both µs', 'predicted µs'] if card else []))]
    total = 0
    for stage in team['stages_of_an_update']:
        work, wait, least = (stage[key] * 1e6 for key in ('work_s', 'wait_s', 'least_s'))
        total += work + wait
        line = (stage['stage'], f'{work:.1f}', f'{wait:.1f}', f'{least:.1f}')
        lines.append((*line, f'{work + wait:.1f}', f"{predicted[stage['stage']]:.1f}") if card else line)
    if card:
        lines.append(('together', '', '', '', f'{total:.1f}', f'{sum(predicted.values()):.1f}'))
    return rows(*lines)


def of_the_bench(bench, device):
    lines = ['', '## Default config, one agent']
    lines += rows(('blocks', 'steps/s', 'fraction of fp32 peak'),
                  *((team['blocks_per_agent'], f"{median(team['sps']):,.0f}", f"{median(team['fraction_of_peak']):.3f}")
                    for team in bench['teams']))
    lines += ['', f"Peak, measured: {bench['peak_flops_per_s'] / 1e12:.1f} TFLOP/s in fp32 fma."]
    lines += ['', f"## Stages of an update, {bench['blocks_per_agent']} blocks"]
    lines += stages_of(bench['teams'][-1], gpu_model.card_named(device))
    lines += ['', '## Barrier']
    lines += rows(('blocks', 'µs'), *((barrier['blocks'], f"{median(barrier['barrier_s']) * 1e6:.2f}")
                                     for barrier in bench['barriers']))
    return lines


def sweep_of(record, key):
    return (figures_of(record, f'ppo_bench: {key}') or {'sweep': []})['sweep']


def of_the_sweeps(record, bench):
    points = [point for key in ('num_seeds', 'num_envs') for point in sweep_of(record, key)]
    if not points:
        return []

    def fraction(point):
        return f"{point['sps'] * bench['flops_per_step'] / bench['peak_flops_per_s']:.3f}" if bench else ''
    return ['', '## Sizes', *rows(('', '', 'steps/s', 'fraction of fp32 peak'), *(
        (point['key'], f"{point['value']:,}", point['skipped'], '') if 'skipped' in point else
        (point['key'], f"{point['value']:,}", f"{point['sps']:,.0f}", fraction(point)) for point in points))]


def ours(record, num_envs):
    """Our steps/s with so many environments."""
    return next((point['sps'] for point in sweep_of(record, 'num_envs')
                 if point['value'] == num_envs and 'sps' in point), None)


def of_the_reference(record):
    lines = []
    for _, figures in all_figures(record, 'reference: '):
        if 'steady_sps' not in figures:
            continue
        own = ours(record, figures['num_envs'])
        lines.append((f"{figures['num_envs']:,}", figures['device'], f"{figures['compile_s']:.1f}",
                      f"{figures['steady_sps']:,.0f}", f'{own:,.0f}' if own else '',
                      f"{own / figures['steady_sps']:.1f}" if own else ''))
    if not lines:
        return []
    return ['', '## The reference on the same card', *rows(
        ('environments', 'device', 'compile s', 'steady steps/s', 'ours', 'ratio'), *lines)]


def of_the_steps(record):
    results = ('passed', 'failed', 'skipped')
    groups = {}
    for step in record['steps']:
        groups.setdefault(step['name'].split(': ')[0], []).append(step)

    def of_the_card(group, key, choose):
        values = [step['card'][key] for step in group if step.get('card')]
        return f'{choose(values):.0f}' if values else ''
    return ['', '## Steps', *rows(('', *results, 'seconds', 'least MHz', 'median MHz', 'most W'), *(
        (name, *(sum(step['result'] == result for step in group) for result in results),
         f"{sum(step.get('seconds', 0) for step in group):.1f}", of_the_card(group, 'least_mhz', min),
         of_the_card(group, 'median_mhz', median), of_the_card(group, 'most_w', max))
        for name, group in groups.items()))]


def of_what_did_not_pass(record):
    lines = []
    for step in record['steps']:
        if step['result'] != 'passed':
            lines += ['', f"**{step['name']}** {step['result']}: {step.get('note', '')}"]
        if step['result'] == 'failed':
            lines += ['', *('    ' + line for line in step.get('tail', []))]
    return lines


def markdown(record):
    device = record['device']
    count = {result: sum(step['result'] == result for step in record['steps'])
             for result in ('passed', 'failed', 'skipped')}
    bench = figures_of(record, 'ppo_bench')
    clocks = [('clocks', f"not all: {record['clocks_problem']}")] if record.get('clocks_problem') else []
    lines = [f"# GPU check: {device['name']}"]
    if 'stopped' in record:
        lines += ['', f"**Not finished: {record['stopped']}.**"]
    lines += rows(('', ''), ('date', record['date']), ('commit', record['commit']),
                  ('compute capability', device['compute_capability']), ('multiprocessors', device['multiprocessors']),
                  ('driver supports CUDA', record['driver']), ('built with CUDA', record['runtime']),
                  ('steps', f"{count['passed']} passed, {count['failed']} failed, {count['skipped']} skipped"), *clocks)
    if bench:
        lines += of_the_bench(bench, device['name'])
    lines += of_the_sweeps(record, bench) + of_the_reference(record) + of_the_lab(record)
    lines += of_the_steps(record) + of_what_did_not_pass(record)
    for name, found in all_figures(record, 'diagnosis: '):
        lines += ['', f'## {name}', '', *('    ' + line for line in found['lines'])]
    return '\n'.join(lines) + '\n'
