#!/usr/bin/env python3
"""Fails where a kernel reads through the read-only cache (ld.global.nc), which another block's writes do not reach: no
emulator shows that, and on a card it shows now and then. Needs nvcc, and no GPU.

    bench/ptx_check.py BUILD/environments/ppo_cuda_*.cu
    bench/ptx_check.py --arch 75 --arch 120 --nvcc nvcc FILE...
"""
import argparse
import concurrent.futures
import os
import pathlib
import re
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
READ_ONLY = re.compile(r'\bld\.global[\w.:]*\.nc\b')
# What the check must find, or it sees nothing at all.
EXAMPLE = '__global__ void train(const float* __restrict__ in, float* __restrict__ out) { *out = *in; }\n'


def ptx_of(nvcc, architecture, source, folder):
    # A pipe instead of a file makes nvcc hang now and then.
    ptx = folder / f'{source.stem}_{architecture}.ptx'
    command = [nvcc, '-ptx', '-std=c++20', '-fmad=false', f'-arch=compute_{architecture}', f'-I{ROOT}',
               f'-I{ROOT}/include', f'-I{ROOT}/src', '-o', str(ptx), str(source)]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f'ptx_check.py: {source} does not compile for compute_{architecture}:\n{done.stderr.strip()}')
    return ptx.read_text()


def complaint(ptx):
    """None where all is well."""
    if not re.search(r'\.entry \w*train', ptx):
        return 'no training kernel'
    found = READ_ONLY.findall(ptx)
    return f'{len(found)} loads through the read-only cache, such as {found[0]}' if found else None


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('sources', nargs='+', type=pathlib.Path, metavar='FILE')
    parser.add_argument('--arch', action='append', help='compute capability without its point; default 75')
    parser.add_argument('--nvcc', default='nvcc')
    options = parser.parse_args()
    wrong = []
    architectures = sorted(set(options.arch or ['75']), key=int)
    with tempfile.TemporaryDirectory() as name, concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        folder = pathlib.Path(name)
        example = folder / 'example.cu'
        example.write_text(EXAMPLE)

        def check(architecture, source):
            return complaint(ptx_of(options.nvcc, architecture, source, folder))

        for architecture in architectures:
            if 'read-only' not in (check(architecture, example) or ''):
                wrong.append(f'compute_{architecture}: the example has no ld.global.nc; this check sees nothing')
        compilations = {(architecture, source): pool.submit(check, architecture, source)
                        for architecture in architectures for source in options.sources}
        for (architecture, source), compilation in compilations.items():
            problem = compilation.result()
            print(f'{source.name}, compute_{architecture}: {problem or "every load is coherent"}', flush=True)
            if problem:
                wrong.append(f'{source}, compute_{architecture}: {problem}')
    if wrong:
        sys.exit('\n'.join(wrong))


if __name__ == '__main__':
    main()
