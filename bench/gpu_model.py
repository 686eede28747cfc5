#!/usr/bin/env python3
"""Predicts the time of each stage of the CUDA engine on a card, from a replay of its machine code.

    bench/gpu_model.py            the table of docs/performance-cuda.md
    bench/gpu_model.py --parts    and the parts of each stage on an H200, what takes longest first

The figures are those of sass_figures.json, which bench/sass_report.py --json writes: of sm_90, CartPole's default
config, for one agent with 128 blocks and for a population with a block an agent. Of each part of a stage they say how
long a warp takes that has the multiprocessor to itself, and how much its block's warps ask of what they share. The
longest of these is the part's time. What a block stores in the shared memory of its cluster's others flows while it
goes on, and is waited for at their next barrier only. Other cards run other machine code; here only latencies and units
differ.

A prediction, to be confirmed or refuted by `ppo_bench --device cuda`: nothing in here was measured on a GPU.
"""
import json
import pathlib
import re
import sys
from dataclasses import dataclass
from math import ceil

FIGURES = json.loads((pathlib.Path(__file__).resolve().parent / 'sass_figures.json').read_text())['scenarios']

# CartPole's default config: as in bench/sass/scenarios.py.
NUM_ENVS, NUM_STEPS, MINIBATCHES, EPOCHS, SLICES, LEAVES = 64, 128, 4, 4, 36, 128
SAMPLES, STEPS_OF_ADAM, GROUP = NUM_ENVS * NUM_STEPS, MINIBATCHES * EPOCHS, 8
FLOPS_A_STEP = 227_200  # src/engine/work.hpp

SCHEDULERS = 4
REPLAYED_L2 = 280        # cycles: bench/sass/replay.py
L2_BYTES_A_CYCLE = 64    # of one multiprocessor
HOP_BYTES_A_CYCLE = 12   # that one exchanges with a cluster's others: an assumption, of the order of Luo et al. 2024
CLUSTER_BARRIER_US = 0.3  # an assumption: for sm_90 it is a fence of the whole card, and empties the level-1 cache
ALL_WARPS = 8            # of a block, each with an environment where there are as few
STAGES = {'rollout': 1, 'values': 1, 'advantages': 1, 'gradient': STEPS_OF_ADAM, 'reduce': STEPS_OF_ADAM,
          'adam': STEPS_OF_ADAM}  # how often an update runs each
BARRIERS = {stage: 1 for stage in STAGES if stage != 'rollout'}  # of the team, that end a pass
BARRIERS_WITH_CLUSTERS = {'values': 1, 'advantages': 1, 'gradient': 1}
CLUSTER_BARRIERS = {'gradient': 1, 'reduce': 1, 'adam': 1}


@dataclass
class Card:
    name: str
    multiprocessors: int
    ghz: float          # boost
    fp32_lanes: int     # of a scheduler
    l2_cycles: int      # to the level-2 cache and back, with light traffic [estimate but for sm_90]
    barrier_us: float   # of a team that fills the card [estimate]
    double_cycles: int  # that an operation in double takes longer than on an H200 [estimate]
    clusters: bool = False  # the engine makes them where each block has a leaf

    def us(self, cycles):
        return cycles / self.ghz / 1000

    def peak(self):
        return 2.0 * self.multiprocessors * SCHEDULERS * self.fp32_lanes * self.ghz * 1e9

    def cycles(self, part, warps):
        """Of a part of a stage, a dict of figures: its chain, or what its warps share, whichever takes longest."""
        cycles, trips, doubles = (part.get(figure, 0) for figure in ('cycles', 'trips', 'doubles'))
        chain = cycles + trips * (self.l2_cycles - REPLAYED_L2) + doubles * self.double_cycles
        slots = part.get('issued', 0) + part.get('singles', 0) * (32 / self.fp32_lanes - 1)
        return max(chain, warps / SCHEDULERS * slots, warps * part.get('wavefronts', 0),
                   warps * part.get('bytes', 0) / L2_BYTES_A_CYCLE, warps * part.get('hops', 0) / HOP_BYTES_A_CYCLE)


CARDS = [Card('H100', 132, 1.98, 32, 280, 1.2, 0, True), Card('H200', 132, 1.98, 32, 280, 1.2, 0, True),
         Card('RTX 4090', 128, 2.52, 32, 270, 1.2, 50), Card('T4', 40, 1.59, 16, 220, 1.2, 50)]


def card_named(name):
    """The card that a driver calls "NVIDIA GeForce RTX 4090" or, with its memory, "NVIDIA H100 80GB HBM3"; None for one
    that is not modelled, say a "... D" or a "... PCIe"."""
    words = name.split()
    while words and re.fullmatch(r'\d+GB|HBM\d\w*', words[-1]):
        words.pop()
    return next((card for card in CARDS if words[-len(card.name.split()):] == card.name.split()), None)


def parts_of(card, scenario, stage):
    """{part: cycles} of one pass through a stage."""
    figures = FIGURES[scenario]
    warps = figures['warps']
    of_stage = warps.get(stage, ALL_WARPS)
    parts = {part: card.cycles(cost, warps.get(f'{stage}: {part}', of_stage))
             for part, cost in figures['stages'][stage].items()}
    return parts | {'pushes': pushes_left(figures['stages'][stage], parts, of_stage)}


def pushes_left(costs, cycles, warps):
    """Cycles that a stage waits for what has been pushed to other blocks, at the next barrier of the cluster. Pushes of
    a part begin with it; parts come in the order in which a warp comes to them."""
    now, done = 0, 0
    for part, cost in costs.items():
        if 'pushes' in cost:
            done = max(done, now) + warps * cost['pushes'] / HOP_BYTES_A_CYCLE
        if 'meetings' in cost:
            break
        now += cycles[part]
    return max(done - now, 0)


def stage_cycles(card, scenario, stage):
    return sum(parts_of(card, scenario, stage).values())


def between(one, population, units, most):
    """Cycles for `units` of work, from those for 1 and those for `most`."""
    return one + (population - one) * (units - 1) / (most - 1)


def pass_cycles(card, blocks):
    """{stage: cycles} of one pass through each stage, for one agent with so many blocks."""
    alone = {stage: stage_cycles(card, 'one agent', stage) for stage in STAGES}
    whole = {stage: stage_cycles(card, 'population', stage) for stage in STAGES}
    environments, slices = ceil(NUM_ENVS / blocks), ceil(SLICES / blocks)
    split = blocks > LEAVES // GROUP  # groups lie in several blocks, and are read leaf by leaf
    return {
        'rollout': alone['rollout'] if environments <= ALL_WARPS else whole['rollout'] * ceil(environments / 32) / 2,
        'values': between(alone['values'], whole['values'], environments, NUM_ENVS),
        'advantages': alone['advantages'],
        'gradient': between(alone['gradient'], whole['gradient'], ceil(LEAVES / blocks), LEAVES),
        'reduce': alone['reduce'] * slices if split else whole['reduce'] * slices / SLICES,
        'adam': between(alone['adam'], whole['adam'], slices, SLICES),
    }


def update_us(card, cycles, barriers_us):
    """[us] an update, by stage, from the cycles of one pass through each and the barriers of each. What one thread
    notes in between counts to the stage before it."""
    stages = {stage: times * (card.us(cycles[stage]) + barriers_us.get(stage, 0)) for stage, times in STAGES.items()}
    notes = parts_of(card, 'one agent', 'notes')
    stages['advantages'] += card.us(notes['begin'])
    stages['adam'] += STEPS_OF_ADAM * card.us(notes['next_minibatch'])
    return stages


def in_clusters(card):
    """[us] an update, by stage, of one agent whose blocks have a leaf each and form clusters."""
    barriers = {stage: BARRIERS_WITH_CLUSTERS.get(stage, 0) * card.barrier_us +
                CLUSTER_BARRIERS.get(stage, 0) * CLUSTER_BARRIER_US for stage in STAGES}
    return update_us(card, {stage: stage_cycles(card, 'one agent, clusters', stage) for stage in STAGES}, barriers)


def one_agent(card, blocks=None, clusters=True):
    """[us] an update, by stage, with so many blocks; by default as many as have work. In clusters where the engine
    makes them."""
    blocks = blocks or min(card.multiprocessors, LEAVES)
    if clusters and card.clusters and blocks == LEAVES:
        return in_clusters(card)
    barriers = {stage: number * card.barrier_us for stage, number in BARRIERS.items() if blocks > 1}
    return update_us(card, pass_cycles(card, blocks), barriers)


def without_clusters(card):
    return one_agent(card, clusters=False)


def population(card):
    """[us] an update of an agent that has one block, beside one on every other multiprocessor."""
    return update_us(card, {stage: stage_cycles(card, 'population', stage) for stage in STAGES}, {})


def row(label, values):
    print('| ' + ' | '.join([label, *values]) + ' |')


def print_table():
    models = [(card, model, what) for card in CARDS if card.name != 'H100'  # an H200 with less memory
              for model, what in ((one_agent, 'one agent'), (without_clusters, 'no clusters'), (population, 'one a block'))
              if card.clusters or model is not without_clusters]
    columns = [model(card) for card, model, _ in models]
    row('predicted µs an update', [f'{card.name}, {what}' for card, _, what in models])
    row('---', ['---'] * len(models))
    for stage in STAGES:
        row(stage, [f'{column[stage]:.0f}' for column in columns])
    row('together', [f'{sum(column.values()):.0f}' for column in columns])
    rates = [SAMPLES * (card.multiprocessors if model is population else 1) / sum(column.values())
             for (card, model, _), column in zip(models, columns)]
    row('million steps/s', [f'{rate:.0f}' for rate in rates])
    row('of the fp32 peak', [f'{rate * 1e6 * FLOPS_A_STEP / card.peak():.2f}'
                             for rate, (card, _, _) in zip(rates, models)])


def print_parts(card):
    for scenario in FIGURES:
        row(f'{card.name}, {scenario}', ['cycles a pass', 'µs an update'])
        row('---', ['---', '---'])
        parts = [(cycles, stage, part) for stage in STAGES for part, cycles in parts_of(card, scenario, stage).items()]
        for cycles, stage, part in sorted(parts, key=lambda entry: -entry[0] * STAGES[entry[1]]):
            if cycles:
                row(f'{stage}: {part}', [f'{cycles:,.0f}', f'{STAGES[stage] * card.us(cycles):.1f}'])
        print()


if __name__ == '__main__':
    print_table()
    if '--parts' in sys.argv[1:]:
        print()
        print_parts(card_named('H200'))
