#!/usr/bin/env python3
"""Fails where a kernel reads through the read-only cache (ld.global.nc), which another block's writes do not reach: no
emulator shows that, and on a card it shows now and then. Needs nvcc, and no GPU.

    bench/ptx_check.py --expect "sm_75 sm_80 ..." BUILD/CMakeFiles/ppo_cuda_*.dir/environments/*.ptx

reads the folders of PTX that the build has left (cmake/keep_ptx.sh) and fails, too, where one of these architectures is
missing.
"""
import argparse
import pathlib
import re
import subprocess
import sys
import tempfile

READ_ONLY = re.compile(r'\bld\.global[\w.:]*\.nc\b')
# What the check must find, or it sees nothing at all.
EXAMPLE = '__global__ void train(const float* __restrict__ in, float* __restrict__ out) { *out = *in; }\n'


def example(nvcc):
    """Its PTX."""
    with tempfile.TemporaryDirectory() as name:
        source = pathlib.Path(name, 'example.cu')
        source.write_text(EXAMPLE)
        # A pipe instead of a file makes nvcc hang now and then.
        command = [nvcc, '-ptx', '-arch=compute_75', '-o', str(source.with_suffix('.ptx')), str(source)]
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode != 0:
            sys.exit(f'ptx_check.py: the example does not compile:\n{done.stderr.strip()}')
        return source.with_suffix('.ptx').read_text()


def complaint(ptx):
    """None where all is well."""
    if not re.search(r'\.entry \w*train', ptx):
        return 'no training kernel'
    found = READ_ONLY.findall(ptx)
    return f'{len(found)} loads through the read-only cache, such as {found[0]}' if found else None


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('folders', nargs='+', type=pathlib.Path, metavar='FOLDER')
    parser.add_argument('--expect', default='', help='architectures that every folder must hold')
    parser.add_argument('--nvcc', default='nvcc')
    options = parser.parse_args()
    wrong = []
    if 'read-only' not in (complaint(example(options.nvcc)) or ''):
        wrong.append('the example has no ld.global.nc; this check sees nothing')
    for folder in options.folders:
        seen = set()
        for path in sorted(folder.glob('*.ptx')):
            ptx = path.read_text()
            architecture = re.search(r'^\.target (sm_\d+)', ptx, re.MULTILINE).group(1)
            seen.add(architecture)
            problem = complaint(ptx)
            print(f'{path.name}, {architecture}: {problem or "every load is coherent"}')
            if problem:
                wrong.append(f'{path}, {architecture}: {problem}')
        missing = {word for word in options.expect.split() if word.startswith('sm_')} - seen
        if missing or not seen:
            wrong.append(f'{folder}: no PTX for {", ".join(sorted(missing)) or "anything"}; build it anew')
    if wrong:
        sys.exit('\n'.join(wrong))


if __name__ == '__main__':
    main()
