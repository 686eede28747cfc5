#!/usr/bin/env python3
"""How training over ranks should scale, up to 1,024 of them: what was measured on one machine, and a network of numbers.

    python3 bench/rank_model.py bench/results/DATE-ranks.json

Agents over ranks. Every rank trains its agents; then rank 0 takes a message from each, and writes all rows:

    update of all = agents / ranks * core-seconds of an update
                    + (ranks - 1) * (request + answer) + agents * (96 bytes / bandwidth + a row's time on rank 0)

One agent over ranks. Rollout, values and gradient are divided; reduce and Adam are not; every exchange is a ring:

    exchange      = (ranks - 1) * latency + (ranks - 1) / ranks * bytes / bandwidth

Core-seconds and a row's time are those of the file; reduce reads the groups' sums at 10 GB/s. The networks are 10 Gb/s Ethernet with TCP and 200 Gb/s
InfiniBand (HDR): their line rates, and latencies of 30 and 2 us, which are assumed.
"""
import argparse
import json
import pathlib
import statistics

NETWORKS = {"10 Gb/s Ethernet": (30e-6, 1.25e9), "200 Gb/s InfiniBand": (2e-6, 25e9)}
MEMORY = 10e9  # bytes/s that one core reads, for reduce
RANKS = (1, 4, 16, 64, 256, 1024)
ROW = 96  # bytes of an UpdateRow
OBSERVATION, PARAMETERS, EPOCHS, MINIBATCHES = 4, 9155, 4, 4  # of cartpole, hidden_size 64
SAMPLE = 4 * OBSERVATION + 13 + 4 + 4  # bytes exchanged of a sample: rollout, value, advantage


def median(rounds, what):
    return statistics.median(one[what] for one in rounds)


def agents_over_ranks(measured, per_rank, ranks, network):
    latency, bandwidth = network
    agents = per_rank * ranks
    core_seconds = 2048 * 2 / median(measured["agents"], "threads")
    train = per_rank * core_seconds
    rank_0 = (ranks - 1) * 2 * latency + agents * (ROW / bandwidth + 1 / median(measured["rows"], "rows"))
    return agents * 2048 / (train + rank_0), train / (train + rank_0)


def one_over_ranks(measured, batch, ranks, network):
    latency, bandwidth = network
    alone = batch / median(measured[f"together {batch}"], "one thread")
    groups = min(-(-batch // MINIBATCHES // 128), 256)
    sums = 4 * PARAMETERS * groups
    serial = EPOCHS * MINIBATCHES * (sums / MEMORY)
    exchanges = [SAMPLE * batch] + [sums] * (EPOCHS * MINIBATCHES)
    exchange = sum((ranks - 1) * latency + (ranks - 1) / ranks * each / bandwidth for each in exchanges)
    seconds = (alone - serial) / ranks + serial + exchange
    return batch / seconds, alone / seconds / ranks


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=pathlib.Path)
    measured = json.loads(parser.parse_args().file.read_text())["rounds"]
    for name, network in NETWORKS.items():
        print(f"\n{name}\n{'ranks':>6}  {'64 agents a rank':>22}  {'one agent, 8,192':>20}  {'one agent, 1,048,576':>20}")
        for ranks in RANKS:
            cells = [agents_over_ranks(measured, 64, ranks, network)] + [
                one_over_ranks(measured, batch, ranks, network) for batch in (8192, 1048576)]
            print(f"{ranks:6}" + "".join(f"  {rate / 1e6:12,.2f} M/s {share:4.0%}" for rate, share in cells))


if __name__ == "__main__":
    main()
