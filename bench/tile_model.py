#!/usr/bin/env python3
"""What llvm-mca says of the inner loops of a SIMD level's networks, for processors that are not at hand.

  python3 bench/tile_model.py OBJECT CPU...     build/arm/environments/ppo_network_neon.o neoverse-v2 apple-m1

OBJECT is the level's network as the build seals it; CPU is a name that llvm-mca -mcpu takes. Prints, for each function
with 64 hidden units and for activate_all, the loop with the most arithmetic: its vector operations that multiply and add,
all its instructions, and the cycles of an iteration when nothing misses the cache. A model, not a measurement: it knows
ports and latencies, but neither caches nor the front end's limits. Needs llvm-objdump and llvm-mca, of LLVM 17 or newer.
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
WANTED = {
    r'two_chains<64,.*forward_sized': 'a hidden layer, forward',
    r'two_chains<64,.*backward': 'a hidden layer, backward',
    r'weight_gradient<64>': 'gradient of the weights',
    r'head_part<64, 2, true,.*tanh|head_part<64, 2, true,.*Activation\)0': 'gradient of a head of 2 outputs',
    r'activate_all': 'tanh',
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
        if any(BRANCH.match(each) for each in body):
            continue
        if sum(map(bool, map(FUSED.match, body))) > sum(map(bool, map(FUSED.match, best))):
            best = body
    return best


def cycles(body, cpu, triple):
    """Of an iteration, in the steady state."""
    command = [tool('llvm-mca'), f'-mtriple={triple}', f'-mcpu={cpu}', f'-iterations={ITERATIONS}',
               '-instruction-info=0', '-resource-pressure=0']
    text = '\n'.join(re.sub(r'\s*(//|#).*', '', each) if triple.startswith('x86') else each.split(' //')[0]
                     for each in body)
    done = subprocess.run(command, input=text, capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f'llvm-mca for {cpu}: {done.stderr.strip()}')
    return int(re.search(r'Total Cycles:\s+(\d+)', done.stdout)[1]) / ITERATIONS


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('object')
    parser.add_argument('cpu', nargs='+')
    arguments = parser.parse_args()
    code = functions(arguments.object)
    triple = 'aarch64-linux-gnu' if any('fmla' in each for body in code.values() for _, each in body) else 'x86_64-linux-gnu'
    print('| loop | multiply-adds | instructions |', ' | '.join(f'cycles, {cpu}' for cpu in arguments.cpu), '|')
    print('| --- ' * (3 + len(arguments.cpu)) + '|')
    for pattern, meaning in WANTED.items():
        bodies = [hottest_loop(body) for name, body in code.items() if re.search(pattern, name)]
        body = max(bodies, key=lambda each: sum(map(bool, map(FUSED.match, each))), default=[])
        if not body:
            sys.exit(f'{arguments.object} has no loop of {meaning} ({pattern})')
        fused = sum(map(bool, map(FUSED.match, body)))
        figures = [f'{cycles(body, cpu, triple):.1f}' for cpu in arguments.cpu]
        print(f'| {meaning} | {fused} | {len(body) + 1} |', ' | '.join(figures), '|')


if __name__ == '__main__':
    main()
