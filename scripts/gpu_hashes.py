"""Runs that the CPU and the CUDA engine must end with the same hashes and files."""
import hashlib
import json
import pathlib
import tempfile

from gpu_recorder import Step

COMPARED = ('metrics.csv', 'evals.csv', 'best.safetensors')  # those that a run has
EVALUATED = ['--eval-every', '10', '--stop-at-return', '475']
SHORT = ['--total-timesteps', '40000']
LIMIT_S = 60

# Flags, and the ways to run them on the card.
DEFAULT = (['--config', 'cartpole.toml'], [[], ['--blocks-per-agent', '1'], ['--blocks-per-agent', '16'],
                                           ['--updates-per-launch', '1'], ['--updates-per-launch', '7']])
OTHERS = [
    (['--config', 'cartpole-v1.toml'], [[], ['--blocks-per-agent', '3'], ['--updates-per-launch', '5']]),
    ([*SHORT, '--seed', '4294967296'], [[]]),
    *(([*SHORT, '--num-envs', envs, '--num-steps', steps, '--num-minibatches', minibatches],
       [[], ['--blocks-per-agent', '1'], ['--blocks-per-agent', '5']])
      for envs, steps, minibatches in (('1', '256', '4'), ('61', '5', '5'), ('1000', '16', '1'))),
    (['--num-envs', '16384', '--num-steps', '8', '--total-timesteps', '262144'], [[]]),
    ([*SHORT, '--env', 'my_env', '--max-episode-steps', '50'], [[], ['--blocks-per-agent', '2']]),
    *(([*SHORT, '--num-seeds', agents], [[], ['--blocks-per-agent', '1'], ['--blocks-per-agent', '2']])
      for agents in ('3', '200')),
    (['--total-timesteps', '2048', '--num-envs', '8', '--num-seeds', '1000'], [[]]),
    *((['--config', 'cartpole-v1.toml', *EVALUATED, *agents], [[]]) for agents in ([], ['--num-seeds', '8'])),
]
PRESET_WAYS = [[], ['--blocks-per-agent', '2']]  # of every other preset


def default_hash(card):
    compare(card, *DEFAULT)


def other_hashes(card):
    named = {flags[1] for flags, _ in [DEFAULT, *OTHERS] if flags[0] == '--config'}
    presets = sorted(file.name for file in (card.folder / 'configs').glob('*.toml')
                     if file.name not in named and not file.name.startswith('sweep-'))
    for flags, ways in [*OTHERS, *((['--config', name], PRESET_WAYS) for name in presets)]:
        compare(card, flags, ways)


def compare(card, flags, ways):
    """The run on the CPU with that on the card, in each way; nothing if the CPU's goes wrong."""
    expected = None
    for where in [['--device', 'cpu'], *(['--device', card.device, *way] for way in ways)]:
        with tempfile.TemporaryDirectory() as temporary:
            out = pathlib.Path(temporary) / 'run'
            step = card.recorder.run(Step(f"hashes: {' '.join([*flags, *where])}",
                                          [*card.train(flags), *where, '--out', out, '--quiet'], LIMIT_S,
                                          lambda _: hashes_in(out), lambda found: compare_with(expected, found)))
        expected = expected or step.get('figures')
        if expected is None:
            return


def hashes_in(run):
    got = [agent['param_hash'] for agent in json.loads((run / 'run.json').read_text())['agents']]
    files = {name: hashlib.sha256((run / name).read_bytes()).hexdigest() for name in COMPARED if (run / name).exists()}
    return {'param_hashes': got, 'files': files}


def compare_with(expected, found):
    """Raises ValueError where they are not those of the CPU, if there are any."""
    if expected is None:
        return
    got = found['param_hashes']
    if got != expected['param_hashes']:
        pairs = list(zip(got, expected['param_hashes']))
        number = next((k for k, pair in enumerate(pairs) if pair[0] != pair[1]), 0)
        raise ValueError(f'agent {number} ends with {pairs[number][0]}, on the CPU with {pairs[number][1]}')
    for name in COMPARED:
        if found['files'].get(name) != expected['files'].get(name):
            raise ValueError(f'{name} is not that of the CPU')
