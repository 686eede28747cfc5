"""The laboratory's part of the summary of scripts/gpu_check."""
from statistics import median

from gpu_tables import all_figures, figures_of, rows


def of_variants(record):
    listed = figures_of(record, 'lab: variants') or {}
    measured = dict(all_figures(record, 'lab: variant ', ('passed', 'failed')))
    if not listed:
        return []

    def found(name):
        if name not in measured:
            return ('', '', 'not measured, see below')
        trial = measured[name]
        bits = '' if trial['same_bits'] else ', other bits'
        return (f"{median(trial['usual_sps']):,.0f}", f"{median(trial['sps']):,.0f}", f"{trial['ratio']:.3f}{bits}")
    return ['', '## Variants of the kernel', *rows(
        ('variant', 'what it changes', 'usual steps/s', 'its steps/s', 'ratio', 'prediction'),
        *((name, about['what'], *found(name), about['prediction']) for name, about in listed.items()))]


def of_the_card(record):
    card = figures_of(record, 'lab: card')
    if not card:
        return []
    lines = ['', '## The card', '']
    lines += [f"- blocks of the training kernel at once, in clusters of {clusters['blocks']}: "
              f"{clusters['resident_blocks']}; such a cluster's barrier: {clusters['barrier_s'] * 1e6:.2f} µs"
              for clusters in card['gpu']['clusters']]
    lines += [f"- an empty launch: {card['launch_s'] * 1e6:.1f} µs; each of many in a queue: "
              f"{card['queued_launch_s'] * 1e6:.1f} µs"]
    return lines + rows(('four floats a lane from shared memory', 'cycles a warp'),
                        *((load['sharing'], f"{load['cycles']:.2f}") for load in card['quad_loads']))


def of_walls(record):
    groups = {}
    for name, figures in all_figures(record, 'smoke: ') + all_figures(record, 'lab: wall, '):
        groups.setdefault(name.rstrip('0123456789').rstrip(', '), []).append(figures)
    if not all_figures(record, 'lab: wall, '):
        return []
    return ['', '## From the start of a run of 500,000 steps', *rows(
        ('', 'first row, ms', 'end, ms', 'runs'),
        *((name, *(f"{median(run[key] for run in runs) * 1e3:.0f}" for key in ('first_row_s', 'end_s')), len(runs))
          for name, runs in groups.items()))]


def of_the_cpu(record):
    benches = [figures for _, figures in all_figures(record, 'lab: cpu, ')]
    if not benches:
        return []
    return ['', '## The CPU engine on this machine', *rows(
        ('threads', 'steps/s', 'fraction of peak'),
        *((bench['threads'], f"{bench['sps']:,.0f}", f"{bench['fraction_of_peak']:.3f}") for bench in benches))]


def of_profiles(record):
    files = [f"- {figures['file']}" for _, figures in all_figures(record, 'lab: ncu, ') if 'file' in figures]
    return ['', '## Profiles', '', *files] if files else []


def of_the_lab(record):
    return of_variants(record) + of_the_card(record) + of_walls(record) + of_the_cpu(record) + of_profiles(record)
