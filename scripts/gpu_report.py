"""The Markdown side of scripts/gpu_check: what a record says, for people."""
import pathlib
import sys

sys.path.append(str(pathlib.Path(__file__).resolve().parent.parent / 'bench'))  # in a prepared folder it lies beside
import gpu_model


def median(values):
    ordered = sorted(values)
    middle = len(ordered) // 2
    return ordered[middle] if len(ordered) % 2 else (ordered[middle - 1] + ordered[middle]) / 2


def rows(*lines):
    """A table: a heading, and lines of cells."""
    heading, *rest = lines
    return ['', '| ' + ' | '.join(heading) + ' |', '| ' + ' | '.join('---' for _ in heading) + ' |',
            *('| ' + ' | '.join(str(cell).replace('|', '/') for cell in line) + ' |' for line in rest)]


def figures_of(record, name):
    """Of the step of that name, if it passed."""
    return next((step['figures'] for step in record['steps'] if step['name'] == name and 'figures' in step), None)


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
    lines += ['', '## Sizes']
    lines += rows(('', '', 'steps/s', 'fraction of fp32 peak'), *(
        (point['key'], f"{point['value']:,}", point['skipped'], '') if 'skipped' in point else
        (point['key'], f"{point['value']:,}", f"{point['sps']:,.0f}",
         f"{point['sps'] * bench['flops_per_step'] / bench['peak_flops_per_s']:.3f}") for point in bench['sweep']))
    return lines


def ours(bench, num_envs):
    """Our steps/s with so many environments."""
    return next((point['sps'] for point in bench['sweep']
                 if point['key'] == 'num_envs' and point['value'] == num_envs and 'sps' in point), None)


def of_the_reference(record, bench):
    lines = []
    for step in record['steps']:
        figures = step.get('figures')
        if not step['name'].startswith('reference') or not figures or 'steady_sps' not in figures:
            continue
        own = ours(bench, figures['num_envs']) if bench else None
        lines.append((f"{figures['num_envs']:,}", figures['device'], f"{figures['compile_s']:.1f}",
                      f"{figures['steady_sps']:,.0f}", f'{own:,.0f}' if own else '',
                      f"{own / figures['steady_sps']:.1f}" if own else ''))
    if not lines:
        return []
    return ['', '## The reference on the same card', *rows(
        ('environments', 'device', 'compile s', 'steady steps/s', 'ours', 'ratio'), *lines)]


def markdown(record):
    steps = record['steps']
    count = {result: sum(step['result'] == result for step in steps) for result in ('passed', 'failed', 'skipped')}
    device = record['device']
    lines = [f"# GPU check: {device['name']}"]
    lines += rows(('', ''), ('date', record['date']), ('commit', record['commit']),
                  ('compute capability', device['compute_capability']), ('multiprocessors', device['multiprocessors']),
                  ('driver supports CUDA', record['driver']), ('built with CUDA', record['runtime']),
                  ('steps', f"{count['passed']} passed, {count['failed']} failed, {count['skipped']} skipped"))
    bench = figures_of(record, 'ppo_bench')
    if bench:
        lines += of_the_bench(bench, device['name'])
    lines += of_the_reference(record, bench)
    groups = {}
    for step in steps:
        groups.setdefault(step['name'].split(': ')[0], []).append(step)
    lines += ['', '## Steps']
    lines += rows(('', 'passed', 'failed', 'skipped', 'seconds'), *(
        (name, *(sum(step['result'] == result for step in group) for result in count),
         f"{sum(step.get('seconds', 0) for step in group):.1f}") for name, group in groups.items()))
    for step in steps:
        if step['result'] != 'passed':
            lines += ['', f"**{step['name']}** {step['result']}: {step.get('note', '')}"]
        if step['result'] == 'failed':
            lines += ['', *('    ' + line for line in step['tail'])]
    return '\n'.join(lines) + '\n'
