#!/usr/bin/env python3
"""What llvm-mca says of the inner loops of a SIMD level's networks, for processors that are not at hand.

  python3 bench/tile_model.py OBJECT CPU...     build/arm/environments/ppo_network_neon.o neoverse-v2 apple-m1

OBJECT is the level's network as the build seals it; CPU is a name that llvm-mca -mcpu takes. Prints, of the functions for
64 hidden units, the loop with the most arithmetic: how many of its instructions multiply and add, how many use the stack,
how many there are, and the cycles of an iteration when nothing misses the cache. A model, not a measurement: it knows
units and latencies, but neither caches nor what a load has to wait for a store. Needs llvm-objdump and llvm-mca, of LLVM
17 or newer.
"""
import argparse
import re
import shutil
import subprocess
import sys

INSTRUCTION = re.compile(r'^\s*([0-9a-f]+):\s+(\S.*)$')
FUNCTION = re.compile(r'^[0-9a-f]+ <(.+)>:$')
BRANCH = re.compile(r'^(b\.\w+|cb\w+|tb\w+|b|j\w+)\s+(?:\S+,\s+)*(?:0x)?([0-9a-f]+) <')
FUSED = re.compile(r'^(fml[as]|vfn?m(add|sub)\d+ps)\b')
STACK = re.compile(r'\[sp\b|\(%rsp')
WANTED = {
    r'two_chains<64,.*forward_sized': 'a hidden layer, forward',
    r'two_chains<64,.*backward': 'a hidden layer, backward',
    r'weight_gradient<64>': 'gradient of its weights',
    r'head_part<64, 2, true,': 'gradient of a head of 2 outputs',
}
ITERATIONS = 200


def tool(name):
    """The newest of Debian's names that is there."""
    for candidate in [f'{name}-{version}' for version in range(25, 16, -1)] + [name]:
        if shutil.which(candidate):
            return candidate
    sys.exit(f'There is no {name}; install the package llvm-19')


def functions(path):
    """Of an object: name -> [(address, instruction)]."""
    command = [tool('llvm-objdump'), '-d', '--demangle', '--no-show-raw-insn', path]
    found = {}
    for line in subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines():
        if start := FUNCTION.match(line):
            code = found.setdefault(start[1], [])
        elif instruction := INSTRUCTION.match(line):
            code.append((int(instruction[1], 16), instruction[2].replace('\t', ' ')))
    return found


def hottest_loop(code):
    """The innermost loop with the most fused operations; without its branch."""
    best = []
    for end, (address, text) in enumerate(code):
        branch = BRANCH.match(text)
        if not branch or int(branch[2], 16) >= address:
            continue
        body = [each for at, each in code[:end] if at >= int(branch[2], 16)]
        if count(BRANCH, body) == 0 and count(FUSED, body) > count(FUSED, best):
            best = body
    return [re.sub(r'\s*(//|<).*', '', each) for each in best]


def count(pattern, body):
    return sum(1 for each in body if pattern.search(each))


def cycles(body, cpu, triple):
    """Of an iteration, in the steady state."""
    command = [tool('llvm-mca'), f'-mtriple={triple}', f'-mcpu={cpu}', f'-iterations={ITERATIONS}']
    done = subprocess.run(command, input='\n'.join(body), capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f'llvm-mca for {cpu}: {done.stderr.strip()}')
    return int(re.search(r'Total Cycles:\s+(\d+)', done.stdout)[1]) / ITERATIONS


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('object')
    parser.add_argument('cpu', nargs='+')
    arguments = parser.parse_args()
    code = functions(arguments.object)
    is_arm = any(count(re.compile('^fmla'), [each for _, each in body]) for body in code.values())
    triple = 'aarch64-linux-gnu' if is_arm else 'x86_64-linux-gnu'
    print('| loop | multiply-adds | on the stack | instructions |', ' | '.join(f'cycles, {cpu}' for cpu in arguments.cpu), '|')
    print('| --- ' * (4 + len(arguments.cpu)) + '|')
    for pattern, meaning in WANTED.items():
        bodies = [hottest_loop(body) for name, body in code.items() if re.search(pattern, name)]
        body = max(bodies, key=lambda each: count(FUSED, each), default=[])
        if not body:
            sys.exit(f'{arguments.object} has no loop of {meaning} ({pattern})')
        figures = [f'{cycles(body, cpu, triple):.1f}' for cpu in arguments.cpu]
        print(f'| {meaning} | {count(FUSED, body)} | {count(STACK, body)} | {len(body) + 1} |', ' | '.join(figures), '|')


if __name__ == '__main__':
    main()
