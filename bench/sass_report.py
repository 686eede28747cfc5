#!/usr/bin/env python3
"""Counts the machine instructions of the training kernel: what an fma costs in the gradient's inner products, and
what a tanh costs. Needs nvcc and nvdisasm, and no GPU.

    bench/sass_report.py                     a table for sm_90
    bench/sass_report.py --arch 75 --arch 120
    bench/sass_report.py --check             also fails where a limit is exceeded, and where ptxas has made a load of
                                             the read-only cache (bench/ptx_check.py looks for the compiler's)

Instructions are attributed by line: nvdisasm names, for each, the source line it comes from and the calls that were
inlined around it. They are counted as they stand in the code, not as often as they run; the inner products are
unrolled, so that there both are the same.
"""
import argparse
import collections
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
MOST_PER_FMA = 1.2
MOST_PER_TANH = 30

STAGES = ('rollout', 'values', 'advantages', 'gradient', 'reduce', 'adam')
# The inner products of the gradient stage: loads of operands, and fused multiply-adds.
PRODUCTS = ('hidden_tile', 'hidden_tile_back', 'add_l2')
# Calls within them that are done once a tile: not part of the products.
ONCE_A_TILE = ('activate_tile', 'store_tile', 'start', 'sum')

INSTANCE = '''#include "kernels/loops.hpp"
#include "{header}"
namespace ppo {{
extern const CudaLoops instance;
const CudaLoops instance = cuda_loops<{type}, {hidden}>();
}}
'''


def run(command):
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f'sass_report.py: {command[0]} failed:\n{done.stderr.strip()}')
    return done.stdout


class Sources:
    """The kernels' source text, to find what a line belongs to."""

    def __init__(self):
        self.lines = {path.name: path.read_text().split('\n') for path in (ROOT / 'kernels').glob('*.hpp')}

    def function(self, file, line):
        """The function that holds the line."""
        lines = self.lines.get(file, [])
        for text in reversed(lines[:line]):
            found = re.match(r'\s*PPO_DEVICE .*?(\w+)\(', text)
            if found:
                return found.group(1)
        return None

    def text(self, file, line):
        lines = self.lines.get(file, [])
        return lines[line - 1] if line <= len(lines) else ''


def instructions(sass):
    """(opcode, [(file, line), ...] from the inlined call outwards) of each instruction of the training kernel."""
    inside, chain, fresh = False, [], True
    for text in sass.split('\n'):
        if text.lstrip().startswith('.section\t'):
            inside = '.text.' in text and 'ppo5train' in text
        if not inside:
            continue
        place = re.search(r'//## File "([^"]+)", line (\d+)', text)
        if place:
            if fresh:
                chain, fresh = [], False
            chain.append((pathlib.PurePath(place.group(1)).name, int(place.group(2))))
            continue
        code = re.match(r'\s+/\*[0-9a-f]{4,6}\*/\s+(?:@!?U?P\w+ )?([A-Z][A-Z0-9_.]*)', text)
        if code:
            fresh = True
            yield code.group(1), chain


def part_of(sources, chain):
    """'gradient: hidden_tile', or 'gradient' for what belongs to none of the counted parts."""
    stage = next((file[:-4] for file, _ in reversed(chain) if file[:-4] in STAGES), 'loop')
    functions = [sources.function(*place) for place in chain]
    if 'quick_tanh' in functions:
        return f'{stage}: tanh'
    for name in PRODUCTS:
        if name not in functions:
            continue
        within = functions[:functions.index(name)]
        once = any(function in ONCE_A_TILE for function in within)
        biases = any('bias' in sources.text(*place) for place in chain)
        return f'{stage}: {name}' + (', once a tile' if once or biases else '')
    return stage


def count(sass):
    """{part: {opcode: instructions}}"""
    sources = Sources()
    parts = collections.defaultdict(collections.Counter)
    for opcode, chain in instructions(sass):
        name = opcode.split('.')[0]
        parts[part_of(sources, chain)][name + ('.128' if '.128' in opcode else '')] += 1
        if opcode.startswith('MUFU.RCP'):
            parts[part_of(sources, chain)]['reciprocals'] += 1
    return parts


def size(part):
    return sum(number for opcode, number in part.items() if opcode != 'reciprocals')


def table(architecture, parts):
    rows = [f'| sm_{architecture} | instructions | FFMA | 16-byte loads | other loads, stores | per FFMA | per tanh |',
            '| --- | --- | --- | --- | --- | --- | --- |']
    for name in sorted(parts):
        part = parts[name]
        other = sum(part[opcode] for opcode in ('LDS', 'STS', 'STS.128', 'LD', 'ST', 'LDG', 'STG'))
        per_fma = f"{size(part) / part['FFMA']:.3f}" if name.split(': ')[-1] in PRODUCTS else ''
        per_tanh = f"{size(part) / part['reciprocals']:.1f}" if name.endswith('tanh') else ''
        counts = (size(part), part['FFMA'], part['LDS.128'], other)
        rows.append(f"| {name} | {' | '.join(map(str, counts))} | {per_fma} | {per_tanh} |")
    rows.append(f'| together | {sum(size(part) for part in parts.values())} | | | | | |')
    return '\n'.join(rows)


def complaints(architecture, parts):
    """What is above its limit."""
    found = []
    for name in PRODUCTS:
        part = parts[f'gradient: {name}']
        if size(part) == 0 or size(part) > MOST_PER_FMA * part['FFMA']:
            found.append(f"sm_{architecture}: {name} takes {size(part)} instructions for {part['FFMA']} fma, "
                         f'more than {MOST_PER_FMA} each')
    for stage in ('rollout', 'values', 'gradient'):
        part = parts[f'{stage}: tanh']
        if size(part) == 0 or size(part) > MOST_PER_TANH * part['reciprocals']:
            found.append(f"sm_{architecture}: {part['reciprocals']} tanh of the {stage} stage take {size(part)} "
                         f'instructions, more than {MOST_PER_TANH} each')
    return found


def compile_kernel(options, architecture, folder):
    """Its machine code, as text."""
    source, ptx, cubin = folder / 'instance.cu', folder / 'instance.ptx', folder / 'instance.cubin'
    source.write_text(INSTANCE.format(header=options.header, type=options.type, hidden=options.hidden))
    includes = [f'-I{ROOT}', f'-I{ROOT}/include', f'-I{ROOT}/src']
    run([options.nvcc, '-ptx', '-lineinfo', '-std=c++20', '-fmad=false', f'-arch=compute_{architecture}', *includes,
         '-o', str(ptx), str(source)])
    ptxas = shutil.which('ptxas', path=str(pathlib.Path(shutil.which(options.nvcc)).resolve().parent)) or 'ptxas'
    run([ptxas, '--generate-line-info', f'-arch=sm_{architecture}', '-o', str(cubin), str(ptx)])
    return run([options.nvdisasm, '-gi', str(cubin)])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--arch', action='append', help='compute capability without its point; default 90')
    parser.add_argument('--check', action='store_true', help='exit 1 above a limit, 77 without the tools')
    parser.add_argument('--nvcc', default='nvcc')
    parser.add_argument('--nvdisasm', default='nvdisasm')
    parser.add_argument('--header', default='ppo/env/cartpole.hpp', help='the environment')
    parser.add_argument('--type', default='CartPole', help='its type')
    parser.add_argument('--hidden', default='64', help='units of a hidden layer; the limits are those of 64')
    options = parser.parse_args()
    for tool in (options.nvcc, options.nvdisasm):
        if not shutil.which(tool):
            print(f'sass_report.py: there is no {tool}; it comes with the CUDA toolkit')
            sys.exit(77 if options.check else 1)
    wrong = []
    for architecture in options.arch or ['90']:
        with tempfile.TemporaryDirectory() as folder:
            sass = compile_kernel(options, architecture, pathlib.Path(folder))
        parts = count(sass)
        print(table(architecture, parts) + '\n')
        wrong += complaints(architecture, parts)
        if re.search(r'\bLDG\.[\w.]*CONSTANT', sass):
            wrong.append(f'sm_{architecture}: the kernel has LDG.CONSTANT, which does not see what other blocks write')
    if options.check and wrong:
        sys.exit('\n'.join(wrong))


if __name__ == '__main__':
    main()
