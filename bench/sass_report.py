#!/usr/bin/env python3
"""Reads the machine code of the training kernel: counts its instructions, replays a warp's way through each stage, and
says where it waits. Needs nvcc and nvdisasm, and no GPU.

    bench/sass_report.py                     tables for sm_90
    bench/sass_report.py --arch 75 --arch 120
    bench/sass_report.py --check             also fails where a limit of bench/sass is exceeded (counts.py, faults.py),
                                             where ptxas has made a load of the read-only cache (bench/ptx_check.py
                                             looks for the compiler's), and where scenarios no longer fit the kernels
    bench/sass_report.py --json bench/sass_figures.json     writes what bench/gpu_model.py reads
    bench/sass_report.py --compare bench/sass_figures.json  fails where that is not what comes out now, of its
                                                            architecture

Instructions are attributed by line: nvdisasm names, for each, the source line it comes from and the calls that were
inlined around it. The replay is of CartPole's default config, for one agent and for a population (sass/scenarios.py).
nvdisasm comes with the CUDA toolkit and, without it, as the Python package nvidia-cuda-nvdisasm.
"""
import argparse
import json
import pathlib
import shutil
import sys
import tempfile

from sass import counts, faults
from sass.figures import Report
from sass.listing import ToolError, compile_kernel, find_nvdisasm, kernel, version_of
from sass.sources import Sources

TOLERANCE = 0.1  # of a stage's figures: between two releases of a compiler they differ by less
WARPS, SCHEDULERS = 8, 4


def replay_table(scenario, stages):
    """What each part takes of the time of a block's first warp."""
    rows = [f'| {scenario} | cycles | L2 round trips | instructions | fma | wavefronts | divisions | doubles |',
            '| --- | --- | --- | --- | --- | --- | --- | --- |']
    for stage, parts in stages.items():
        for part, cost in sorted(parts.items(), key=lambda item: -item[1].cycles):
            numbers = (cost.cycles, cost.trips, cost.issued, cost.fmas, cost.wavefronts, cost.divisions, cost.doubles)
            if cost.cycles:
                rows.append(f'| {stage}: {part} | ' + ' | '.join(f'{number:,.0f}' for number in numbers) + ' |')
    return '\n'.join(rows)


def tile_line(stages):
    """What bounds a tile: shared memory or fma, both of all warps. `stages` are those of a block that has one tile."""
    parts = [cost for part, cost in stages['gradient'].items() if part.startswith('add_tile/')]
    fronts = WARPS * sum(cost.wavefronts for cost in parts)
    fma = WARPS / SCHEDULERS * sum(cost.fmas for cost in parts)
    return f'A tile through both networks: {fronts:,.0f} wavefronts of shared memory, {fma:,.0f} cycles of fma.'


def gaps(report):
    """Where the scenarios no longer fit the kernels, so that the replay guesses."""
    return [*(f'sass/scenarios.py does not say how often a loop of a stage runs, once was taken: {loop}'
              for loop in sorted(report.unknown_loops)),
            *(f'sass/scenarios.py names "{key}", which the kernels no longer have'
              for key in sorted({key for scenario in report.scenarios for key in scenario.keys()})
              if not report.sources.know(key))]


def unknown_addresses(report):
    """Loads and stores of shared memory that were taken for those of one wavefront a word."""
    return [f'addresses not known: {opcode} at {faults.place(report.sources, chain)}'
            for opcode, chain in sorted({key for keys in report.unknown_addresses.values() for key in keys})]


def totals(stages):
    """{stage: {figure: sum over its parts}}, of the JSON."""
    return {stage: {key: sum(part.get(key, 0) for part in parts.values()) for key in ('cycles', 'trips', 'wavefronts')}
            for stage, parts in stages.items()}


def differences(written, now):
    """Where the figures of a file are not those of the code."""
    found = []
    for scenario, stages in now['scenarios'].items():
        before = totals(written['scenarios'].get(scenario, {}).get('stages', {}))
        for stage, sums in totals(stages['stages']).items():
            for key, value in sums.items():
                old = before.get(stage, {}).get(key, 0)
                if abs(value - old) > TOLERANCE * max(value, old) + 1:
                    found.append(f'{scenario}, {stage}: {key} are {value:,.0f}, but {old:,.0f} in the file')
    return found


def examine(options, architecture):
    """Prints the tables of an architecture; returns (complaints, figures for the file)."""
    with tempfile.TemporaryDirectory() as folder:
        sass = compile_kernel(options, architecture, pathlib.Path(folder))
    code, sources = kernel(sass, 'ppo5train'), Sources()
    parts, report = counts.count(code, sources), Report(code, sources)
    print(counts.table(architecture, parts) + '\n')
    for name, stages in report.costs.items():
        print(replay_table(f'sm_{architecture}, {name}', stages) + '\n')
    print('\n'.join([tile_line(report.costs['one agent']), '', *unknown_addresses(report), *gaps(report), '']))
    wrong = counts.complaints(parts) + faults.complaints(report) + gaps(report)
    if counts.reads_read_only_cache(code):
        wrong.append('the kernel has LDG.CONSTANT, which does not see what other blocks write')
    figures = {'architecture': architecture, 'compiler': version_of(options.nvcc), 'environment': options.type,
               'hidden': int(options.hidden), 'scenarios': report.json()}
    return [f'sm_{architecture}: {complaint}' for complaint in wrong], figures


def parsed():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--arch', action='append', help='compute capability without its point; default 90')
    parser.add_argument('--check', action='store_true', help='exit 1 above a limit, 77 without the tools')
    parser.add_argument('--json', type=pathlib.Path, metavar='FILE', help='write the figures there')
    parser.add_argument('--compare', type=pathlib.Path, metavar='FILE', help='compare the figures with those')
    parser.add_argument('--nvcc', default='nvcc')
    parser.add_argument('--nvdisasm', default=find_nvdisasm())
    parser.add_argument('--header', default='ppo/env/cartpole.hpp', help='the environment')
    parser.add_argument('--type', default='CartPole', help='its type')
    parser.add_argument('--hidden', default='64', help='units of a hidden layer; the limits are those of 64')
    options = parser.parse_args()
    for tool in (options.nvcc, options.nvdisasm):
        if not shutil.which(tool):
            print(f'sass_report.py: there is no {tool}; CUDA has it; nvdisasm comes with scripts/test.sh, too')
            sys.exit(77 if options.check else 1)
    return options


def main():
    options, wrong = parsed(), []
    for architecture in options.arch or ['90']:
        complaints, figures = examine(options, architecture)
        wrong += complaints if options.check else []
        if options.json:
            options.json.write_text(json.dumps(figures, indent=1) + '\n')
        if options.compare:
            written = json.loads(options.compare.read_text())
            if written['architecture'] != architecture:
                continue
            if written['compiler'] != figures['compiler']:
                print(f"{options.compare} is of {written['compiler']}, this is {figures['compiler']}: not compared")
                continue
            found = differences(written, figures)
            wrong += found + ([f'write {options.compare} anew with --json'] if found else [])
    if wrong:
        sys.exit('\n'.join(wrong))


if __name__ == '__main__':
    try:
        main()
    except ToolError as error:
        sys.exit(f'sass_report.py: {error}')
