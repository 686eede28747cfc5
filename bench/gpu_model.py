#!/usr/bin/env python3
"""Predicts the time of each stage of the CUDA engine on a card, from instructions, bytes and barriers.

    bench/gpu_model.py            the table of docs/performance-cuda.md

A prediction, to be confirmed or refuted by `ppo_bench --device cuda`: nothing in here was measured on a GPU.
"""
import re
from dataclasses import dataclass
from math import ceil

# CartPole: O = 4, A = 2, H = 64, 9,155 parameters; the default config.
NUM_ENVS, NUM_STEPS, MINIBATCHES, EPOCHS = 64, 128, 4, 4
PARAMETERS, SLICES, TILE = 9155, 36, 16
SAMPLES = NUM_ENVS * NUM_STEPS
LEAVES = SAMPLES // MINIBATCHES // TILE
STEPS_OF_ADAM = MINIBATCHES * EPOCHS
FLOPS_A_STEP = 227_200  # bench/ppo_bench/work.hpp

# Of bench/sass_report.py (sm_90), as often as they run: instructions that one warp issues, and how many of them are
# of the fp32 units. Three inner products, 16 tanh, heads, loss, gather, the small gradients.
TILE_INSTRUCTIONS, TILE_FP32 = 2950, 2250        # gradient, a tile through one network
FORWARD_INSTRUCTIONS, FORWARD_FP32 = 1180, 950   # rollout or values, likewise
WARPS, SCHEDULERS = 8, 4
HIDDEN = 0.75  # of the issue slots, with two warps a scheduler that wait for shared memory and each other [guess]

# Cycles of one environment step by a warp, along its chain: input layer 25, two tanh 220, hand-over 60, second layer 130
# (128 fma and 16 loads), head 145 (five shuffles), softmax and draw 260, environment 310.
ROLLOUT_CHAIN = 1150
SCAN = NUM_STEPS // 32 * 3 * (600 + 32 * 8)  # advantages: the scan and two passes for the moments, 32 steps at once
# The moments of all chunks of 16 environments, merged in order by one thread of every block, once an update, before the
# first minibatch: nothing here, but it grows with the environments, and no block takes a part of it from another.
MERGE = ceil(NUM_ENVS / 16) * 150
L2_LATENCY, L2_BYTES_A_CYCLE = 600, 64  # loaded, and of one multiprocessor


@dataclass
class Card:
    name: str
    multiprocessors: int
    ghz: float          # boost
    fp32_lanes: int     # of a scheduler
    barrier_us: float   # of a team that fills the card [estimate]
    double_cycles: int  # two divisions in double, one after the other

    def issue(self, instructions, fp32):
        """Cycles in which a block's eight warps issue that much each."""
        return WARPS / SCHEDULERS * (instructions + fp32 * (32 / self.fp32_lanes - 1)) / HIDDEN

    def us(self, cycles):
        return cycles / self.ghz / 1000

    def peak(self):
        return 2.0 * self.multiprocessors * SCHEDULERS * self.fp32_lanes * self.ghz * 1e9


CARDS = [Card("H100", 132, 1.98, 32, 1.5, 400), Card("H200", 132, 1.98, 32, 1.5, 400),
         Card("RTX 4090", 128, 2.52, 32, 1.2, 2500), Card("T4", 40, 1.59, 16, 1.2, 2500)]


def card_named(name):
    """The card that a driver calls "NVIDIA GeForce RTX 4090" or, with its memory, "NVIDIA H100 80GB HBM3"; None for one
    that is not modelled, say a "... D" or a "... PCIe"."""
    words = name.split()
    while words and re.fullmatch(r"\d+GB|HBM\d\w*", words[-1]):
        words.pop()
    return next((card for card in CARDS if words[-len(card.name.split()):] == card.name.split()), None)


def one_agent(card, blocks=None):
    """[us] an update, by stage, with so many blocks; by default as many as have work."""
    blocks = blocks or min(card.multiprocessors, LEAVES)
    wide = 128 * (32 / card.fp32_lanes - 1)  # a layer by one warp
    stages = {
        "rollout": card.us(NUM_STEPS * (ROLLOUT_CHAIN + wide) * ceil(NUM_ENVS / (8 * blocks))),
        "values": card.us(ceil((NUM_STEPS + 1) * ceil(NUM_ENVS / blocks) / (2 * TILE))
                          * card.issue(FORWARD_INSTRUCTIONS, FORWARD_FP32)) + card.barrier_us,
        "advantages": card.us(SCAN) + card.barrier_us,
    }
    weights = L2_LATENCY + PARAMETERS * 4 / L2_BYTES_A_CYCLE
    tiles = ceil(LEAVES / blocks) * card.issue(TILE_INSTRUCTIONS, TILE_FP32)
    rows = LEAVES if blocks > LEAVES // 8 else LEAVES // 8
    reduce = ceil(SLICES / blocks) * (rows * 1024 / L2_BYTES_A_CYCLE + 2 * L2_LATENCY)
    adam = max(L2_LATENCY, card.double_cycles) + SLICES * 5 + 300
    for stage, cycles in ("gradient", weights + tiles), ("reduce", reduce), ("adam", adam):
        stages[stage] = STEPS_OF_ADAM * (card.us(cycles) + card.barrier_us)
    stages["gradient"] += card.us(MERGE)
    return stages


def population(card):
    """[us] an update of an agent that has one block, beside one on every other multiprocessor."""
    forward = card.issue(FORWARD_INSTRUCTIONS, FORWARD_FP32)
    passes = ceil(NUM_ENVS / (2 * TILE))
    weights = L2_LATENCY + PARAMETERS * 4 / L2_BYTES_A_CYCLE
    groups = LEAVES // 8
    return {
        "rollout": card.us(NUM_STEPS * passes * (ROLLOUT_CHAIN - 300 + forward)),
        "values": card.us(ceil((NUM_STEPS + 1) * NUM_ENVS / (2 * TILE)) * forward),
        "advantages": card.us(SCAN),
        "gradient": STEPS_OF_ADAM * card.us(weights + LEAVES * card.issue(TILE_INSTRUCTIONS, TILE_FP32)) + card.us(MERGE),
        "reduce": STEPS_OF_ADAM * card.us(SLICES * (groups * 1024 / L2_BYTES_A_CYCLE + 2 * L2_LATENCY)),
        "adam": STEPS_OF_ADAM * card.us(SLICES * (L2_LATENCY + 300) + card.double_cycles),
    }


def row(label, values):
    print("| " + " | ".join([label, *values]) + " |")


def main():
    row("predicted µs an update", [f"{card.name}, {what}" for card in CARDS for what in ("one agent", "one a block")])
    row("---", ["---"] * (2 * len(CARDS)))
    columns = [model(card) for card in CARDS for model in (one_agent, population)]
    for stage in columns[0]:
        row(stage, [f"{column[stage]:.0f}" for column in columns])
    row("together", [f"{sum(column.values()):.0f}" for column in columns])
    rates = []
    for card in CARDS:
        rates.append(SAMPLES / sum(one_agent(card).values()))
        rates.append(SAMPLES * card.multiprocessors / sum(population(card).values()))
    row("million steps/s", [f"{rate:.0f}" for rate in rates])
    row("of the fp32 peak", [f"{rate * 1e6 * FLOPS_A_STEP / card.peak():.2f}"
                             for rate, card in zip(rates, [c for c in CARDS for _ in range(2)])])


if __name__ == "__main__":
    main()
