#!/usr/bin/env python3
"""What ptxas says of the training kernels: registers, stack and spills for each size and architecture.

    bench/ptxas_report.py BUILD/CMakeFiles/ppo_cuda_*.dir/environments/*.ptxas

reads what the build has left (cmake/keep_ptx.sh). With --expect "sm_75 sm_80 ..." it fails unless every file
holds the training kernels of all hidden sizes for each of those, without a stack frame and without spills.
"""
import argparse
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent


def hidden_sizes():
    """Those that kernels/launch.hpp names."""
    found = re.search(r'kHiddenSizes\[\] = {([^}]+)}', (ROOT / 'kernels' / 'launch.hpp').read_text())
    return {int(size) for size in found.group(1).split(',')}


def kernels(report):
    """[(hidden size, architecture, stack, spills, registers), ...] of the training kernels."""
    # Architectures are compiled side by side, but ptxas writes each report in one piece.
    found = re.findall(r"Compiling entry function '(\w+)' for '(sm_\w+)'\s+"
                       r'ptxas info\s+: Function properties for \w+\s+'
                       r'(\d+) bytes stack frame, (\d+) bytes spill stores, (\d+) bytes spill loads\s+'
                       r'ptxas info\s+: Used (\d+) registers', report)
    return [(int(re.search(r'Li(\d+)EEEvNS_6LaunchE', name).group(1)), architecture, int(stack),
             int(stores) + int(loads), int(registers))
            for name, architecture, stack, stores, loads, registers in found if re.match(r'_ZN3ppo5trainI', name)]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('reports', nargs='+', type=pathlib.Path)
    parser.add_argument('--expect', default='', help='architectures that every report must hold')
    options = parser.parse_args()
    wrong = []
    print('| kernel | hidden size | architecture | registers | stack bytes | spilled bytes |\n'
          '| --- | --- | --- | --- | --- | --- |')
    for path in options.reports:
        text = path.read_text() if path.exists() else ''
        seen = kernels(text)
        for size, architecture, stack, spills, registers in sorted(seen):
            print(f'| {path.name.split(".")[0]} | {size} | {architecture} | {registers} | {stack} | {spills} |')
            if stack or spills:
                wrong.append(f'{path}: {stack} bytes of stack and {spills} of spills at size {size} on {architecture}')
        for size in sorted(hidden_sizes()):
            there = {architecture for each, architecture, *_ in seen if each == size}
            missing = {word for word in options.expect.split() if word.startswith('sm_')} - there
            if missing or not there:
                where = ', '.join(sorted(missing)) or 'anything'
                wrong.append(f'{path}: no training kernel of size {size} for {where}; build it anew')
    if wrong:
        sys.exit('\n'.join(wrong))


if __name__ == '__main__':
    main()
