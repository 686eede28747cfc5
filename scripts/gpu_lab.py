"""The laboratory of scripts/gpu_check: what decides how the engine could become faster."""
import os
import pathlib
import re
import tempfile

from gpu_card import tool
from gpu_recorder import Step

LAB_S = 360
RESERVED_S = 180  # of everything together, which the checks before it leave

SECTIONS = ['SpeedOfLight', 'LaunchStats', 'Occupancy', 'InstructionStats', 'SchedulerStats', 'WarpStateStats',
            'MemoryWorkloadAnalysis', 'MemoryWorkloadAnalysis_Tables', 'SourceCounters']
METRICS = ['l1tex__data_pipe_lsu_wavefronts_mem_shared_op_ld.sum', 'smsp__inst_executed_op_shared_ld.sum',
           'smsp__issue_active.avg.pct_of_peak_sustained_active']
# The kernel; where ncu cannot single it out of its graph, the graph.
PROFILED = {'': ['--kernel-name', 'regex:train'], ', its graph': ['--graph-profiling', 'graph']}
PAGES = {'details': ['--print-details', 'all'], 'source': ['--csv', '--print-source', 'sass']}
THREADS = (1, 2, 4, 8, 16)
DEFAULT = ['--config', 'cartpole.toml']  # 500k steps


def variants(card):
    listed = card.recorder.run(Step('lab: variants', [card.folder / 'ppo_bench', '--list-variants'], 30,
                                    listed_variants))
    expected = cpu_hashes(card)
    for name in listed.get('figures', {}):
        card.bench(f'lab: variant {name}', ['--device', card.device, *card.train(DEFAULT)[1:], '--variant', name], 60,
                   lambda found: check_hashes(found, expected))


def listed_variants(output):
    """By name, what each is and should do."""
    found = re.findall(r'^(\S+) +(.+); prediction: (.*)$', output, re.MULTILINE)
    if not found:
        raise ValueError('lists no variants')
    return {name: {'what': what, 'prediction': prediction} for name, what, prediction in found}


def cpu_hashes(card):
    """Of the default config; None where that step has not passed."""
    name = f"hashes: {' '.join(DEFAULT)} --device cpu"
    return next((step['figures']['param_hashes'] for step in card.recorder.steps
                 if step['name'] == name and 'figures' in step), None)


def check_hashes(found, expected):
    """Raises ValueError where they are not those of the CPU, or of the usual kernel where nobody knows the CPU's."""
    whose = 'on the CPU' if expected else 'the usual kernel'
    expected = expected or found['usual_hashes']
    if found['hashes'] != expected:
        raise ValueError(f"ends with {found['hashes'][0]}, {whose} with {expected[0]}")


def card_itself(card):
    card.bench('lab: card', ['--device', card.device, '--only', 'card'], 60)


def walls(card):
    on_card = [*DEFAULT, '--device', card.device]
    forget(card.folder / 'ppo_train')
    card.wall('lab: wall, card, cold', on_card, 30)
    for time in range(3):
        card.wall(f'lab: wall, card, {time + 1}', on_card, 30)
    for time in range(3):
        card.wall(f'lab: wall, cpu, {time + 1}', [*DEFAULT, '--device', 'cpu'], 30)


def forget(path):
    """The kernel reads the file from the disk again."""
    with path.open('rb') as file:
        os.fsync(file.fileno())
        os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def profiles(card):
    profile(card, 'default', [])
    profile(card, 'population', ['--num-seeds', str(card.multiprocessors)])


def profile(card, name, flags):
    """A launch of one update, once everything is loaded."""
    program = tool('ncu')
    if not program:
        card.recorder.skip(f'lab: ncu, {name}', 'there is no ncu')
        return
    with tempfile.TemporaryDirectory() as temporary:
        report = pathlib.Path(temporary) / 'report.ncu-rep'
        train = card.train([*DEFAULT, *flags, '--device', card.device, '--updates-per-launch', '1', '--total-timesteps',
                            '40960', '--no-out', '--quiet'])
        for label, chosen in PROFILED.items():
            command = [program, '--clock-control', 'none', *chosen, '--launch-skip', '2', '--launch-count', '1',
                       *(word for section in SECTIONS for word in ('--section', section)),
                       '--metrics', ','.join(METRICS), '--export', report, *train]
            step = card.recorder.run(Step(f'lab: ncu, {name}{label}', command, 60, lambda _: size_of(report)))
            if step['result'] == 'passed':
                print_pages(card, program, report, name)
                return


def size_of(report):
    """Raises ValueError where ncu ended well but found nothing to profile."""
    if not report.exists():
        raise ValueError('no kernel was profiled')
    return {'report_bytes': report.stat().st_size}


def print_pages(card, program, report, name):
    for page, how in PAGES.items():
        card.recorder.run(Step(f'lab: ncu, {name}, {page}', [program, '--import', report, '--page', page, *how], 30,
                               lambda text: card.results.add_text(f'-ncu-{name}-{page}.txt', text)))


def cpu(card):
    cores = len(os.sched_getaffinity(0))
    for threads in (number for number in THREADS if number <= cores):
        card.bench(f'lab: cpu, {threads} threads', ['--device', 'cpu', '--threads', str(threads), '--rounds', '3'], 30)


PARTS = (variants, card_itself, walls, profiles, cpu)  # by what they are worth
