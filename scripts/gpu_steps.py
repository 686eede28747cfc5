"""The steps of scripts/gpu_check that prove and measure the engine, but for hashes and laboratory."""
import json
import pathlib
import tempfile

from gpu_card import tool
from gpu_process import json_in
from gpu_recorder import Step

SMOKE_S = 10
SHORT = ['--num-steps', '16', '--num-minibatches', '2', '--update-epochs', '1', '--no-out', '--quiet']
FEW, MANY = ['--num-envs', '8', '--total-timesteps', '256'], ['--num-envs', '64', '--total-timesteps', '2048']
# Two updates each: of blocks that wait for each other; of agents with a block each, which roll out as populations do; with
# statistics of observations and the most shared memory.
SANITIZED = {
    '': [*SHORT, *FEW, '--blocks-per-agent', '2'],
    ', agents': [*SHORT, *MANY, '--blocks-per-agent', '1', '--num-seeds', '2'],
    ', pendulum': [*SHORT, *FEW, '--blocks-per-agent', '2', '--env', 'pendulum', '--norm-obs', 'true', '--hidden-size',
                   '128'],
}
SANITIZED_S = 40  # for each; some seconds where nothing hangs
# The sanitizer does not know the card; a block of the card has no room for the kernel.
NOT_SANITIZED = ('Device not supported', 'of shared memory and the training kernel')
ASK_JAX = '''
import sys
try:
    import jax
    platform = jax.devices()[0].platform
except (ImportError, RuntimeError) as error:
    sys.exit(f"no GPU for JAX: {error}")
if platform != "gpu":
    sys.exit(f"no GPU for JAX: its platform is {platform}")
print("platform:", platform)
'''
REFERENCE_ENVS = {64: 61, 4096: 12}  # environments: updates


def facts(card):
    asked = 'name,driver_version,clocks.max.sm,clocks.max.memory,power.limit,temperature.gpu'
    if tool('nvidia-smi'):
        command = ['nvidia-smi', '-i', card.pci, f'--query-gpu={asked}', '--format=csv']
        card.recorder.run(Step('facts: nvidia-smi', command, 30,
                               lambda text: {'lines': text.strip().split('\n')}))
    else:
        card.recorder.skip('facts: nvidia-smi', 'there is no nvidia-smi')
    card.recorder.run(Step('facts: ppo_train info', [card.folder / 'ppo_train', 'info', '--json'], 30, json_in))


def smoke(card):
    """Whether the default config trains at all: alone, with one other block to wait for, and with all that help. If
    not, looks for the reason."""
    for blocks in sorted({1, 2, min(128, card.multiprocessors)}):
        flags = ['--config', 'cartpole.toml', '--device', card.device, '--blocks-per-agent', str(blocks)]
        if card.wall(f'smoke: {blocks} blocks', flags, SMOKE_S)['result'] == 'failed':
            diagnose(card, [*card.train(flags), '--no-out', '--quiet'])
            return False
    return True


def diagnose(card, command):
    sanitize(card, 'diagnosis: memcheck', 'memcheck', command, 90)
    debugger = tool('cuda-gdb')
    if not debugger:
        card.recorder.skip('diagnosis: cuda-gdb', 'there is no cuda-gdb')
        return
    # A run that hangs is interrupted, so that the debugger can say where.
    orders = ['set pagination off', f'shell (sleep {SMOKE_S}; kill -INT $PPID) &', 'run', 'info cuda kernels', 'bt',
              'info cuda warps', 'thread apply all bt']
    card.recorder.run(Step('diagnosis: cuda-gdb',
                           [debugger, '--batch', '-nx', *(word for order in orders for word in ('-ex', order)),
                            '--args', *command], 60, lambda text: {'lines': text.split('\n')[-200:]}, tail=200))


def sanitize(card, name, check, command, limit_s):
    sanitizer = tool('compute-sanitizer')
    if not sanitizer:
        card.recorder.skip(name, 'there is no compute-sanitizer')
        return
    card.recorder.run(Step(name, [sanitizer, '--tool', check, '--error-exitcode', '9', *command], limit_s, tail=100,
                           skipped_by=NOT_SANITIZED))


def sanitizers(card):
    for label, flags in SANITIZED.items():
        for check in ('memcheck', 'racecheck', 'synccheck'):
            command = card.train([*flags, '--device', card.device])
            sanitize(card, f'sanitizer: {check}{label}', check, command, SANITIZED_S)


def bench(card):
    card.bench('ppo_bench', ['--device', card.device, '--seconds', '0.2'], 120)


def populations(card):
    card.bench('ppo_bench: num_seeds', ['--device', card.device, '--only', 'num_seeds', '--seconds', '0.2'], 60)


def environments(card):
    card.bench('ppo_bench: num_envs', ['--device', card.device, '--only', 'num_envs', '--seconds', '0.2'], 60)


def reference(card, script, python):
    seen = card.recorder.run(Step('reference: JAX', [python, '-c', ASK_JAX], 60, skipped_by=('no GPU for JAX',)))
    if seen['result'] != 'passed':
        return
    for envs, updates in REFERENCE_ENVS.items():
        with tempfile.TemporaryDirectory() as temporary:
            file = pathlib.Path(temporary) / 'reference.json'
            command = [python, script, '--num_envs', envs, '--total_timesteps', envs * 128 * updates, '--sync', 'false',
                       '--json', file]
            card.recorder.run(Step(f'reference: {envs} environments', command, 90,
                                   lambda _: {'num_envs': envs, **json.loads(file.read_text())['summary']}))


def tests(card):
    program = card.folder / 'gpu_tests'
    listed = card.recorder.run(Step('gpu tests: list', [program, '--gtest_list_tests'], 30, listed_tests))
    for name in listed.get('figures', {}).get('tests', []):
        # Each by itself: after a device fault a process can do nothing more.
        card.recorder.run(Step(f'gpu tests: {name}', [program, f'--gtest_filter={name}'], 60, passed_test))


def listed_tests(output):
    names, suite = [], ''
    for line in output.split('\n'):
        if not line.startswith('  '):
            suite = line.split('#')[0].strip()
        elif suite.endswith('.'):
            names.append(suite + line.split('#')[0].strip())
    if not names:
        raise ValueError('lists no tests')
    return {'tests': names}


def passed_test(output):
    if '[  PASSED  ] 1 test' not in output:
        raise ValueError('was skipped though there is a device')
