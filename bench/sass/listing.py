"""The machine code of a training kernel: compiled, disassembled, and read into instructions.

A word of 128 bits holds, above the operation, what the compiler decided about time (Volta and newer; Jia et al. 2018,
"Dissecting the NVIDIA Volta GPU architecture via microbenchmarking", section 2.1): how many cycles pass before the warp
issues its next instruction, which of six scoreboards the instruction raises until it has written its result or read its
operands, and on which it waits.
"""
import functools
import pathlib
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
NO_SCOREBOARD = 7

INSTANCE = '''#include "kernels/loops.hpp"
#include "{header}"
namespace ppo {{
extern const CudaLoops instance;
const CudaLoops instance = cuda_loops<{type}, {hidden}>();
}}
'''


class ToolError(Exception):
    """A tool that ended with an error; its message says which and what it said."""


@dataclass
class Instruction:
    """One machine instruction."""
    address: int
    opcode: str      # with its suffixes: LDG.E.64
    operands: str
    predicate: str   # "@!P0", or empty
    chain: tuple     # ((file, line), ...), the inlined call outwards; files relative to ROOT
    stall: int = 0   # cycles to the warp's next instruction
    written: int = NO_SCOREBOARD  # scoreboard that is up until the result is there
    read: int = NO_SCOREBOARD     # and until the operands have been read
    waits: tuple = ()             # scoreboards that have to be down before it is issued
    target: int = -1              # address that a branch leads to, a call its function's
    callee: str = ''

    @property
    def name(self):
        return self.opcode.split('.')[0]


def run(command):
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode != 0:
        raise ToolError(f'{command[0]} failed:\n{done.stderr.strip()}')
    return done.stdout


def find_nvdisasm():
    """That of the toolkit, or else of the Python package, in this Python's environment or in the tests'; its mere name
    if there is none."""
    packaged = (path for prefix in (sys.prefix, ROOT / 'build' / 'python')
                for path in pathlib.Path(prefix).glob('lib/python3*/site-packages/nvidia/cu*/bin/nvdisasm'))
    return shutil.which('nvdisasm') or str(next(packaged, 'nvdisasm'))


def version_of(nvcc):
    """Of the compiler: "13.0.88"."""
    return re.search(r'V(\d+(?:\.\d+)+)', run([nvcc, '--version'])).group(1)


def compile_source(source, tools, architecture):
    """Path of a .cu file -> its machine code as text. `tools` has nvcc and nvdisasm; files go beside the source."""
    ptx, cubin = source.with_suffix('.ptx'), source.with_suffix('.cubin')
    includes = [f'-I{ROOT}', f'-I{ROOT}/include', f'-I{ROOT}/src']
    run([tools.nvcc, '-ptx', '-lineinfo', '-std=c++20', '-fmad=false', f'-arch=compute_{architecture}', *includes,
         '-o', str(ptx), str(source)])
    ptxas = shutil.which('ptxas', path=str(pathlib.Path(shutil.which(tools.nvcc)).resolve().parent)) or 'ptxas'
    run([ptxas, '--generate-line-info', f'-arch=sm_{architecture}', '-o', str(cubin), str(ptx)])
    return run([tools.nvdisasm, '-hex', '-gi', str(cubin)])


def compile_kernel(tools, architecture, folder):
    """The training kernel of an environment's `type` in `header`, with `hidden` units a layer."""
    source = folder / 'instance.cu'
    source.write_text(INSTANCE.format(header=tools.header, type=tools.type, hidden=tools.hidden))
    return compile_source(source, tools, architecture)


@functools.cache
def relative(path):
    """As it is called in the repository; paths of others stay as they are."""
    path = pathlib.PurePath(path)
    for top in ('kernels', 'include'):
        if top in path.parts:
            return '/'.join(path.parts[len(path.parts) - 1 - path.parts[::-1].index(top):])
    return str(path)


class Reader:
    """Reads the text of one kernel, line by line."""

    CODE = re.compile(r'\s+/\*([0-9a-f]{4,6})\*/\s+(@!?U?P\w+ )?\s*([A-Z][A-Z0-9_.]*)\s*(.*?);?'
                      r'\s*/\* 0x[0-9a-f]{16} \*/')
    CONTROL = re.compile(r'\s*/\* (0x[0-9a-f]{16}) \*/\s*$')
    PLACE = re.compile(r'//## File "([^"]+)", line (\d+)')

    def __init__(self):
        self.instructions, self.labels = [], {}
        self.chain, self.fresh = [], True

    def take(self, text):
        place = self.PLACE.search(text)
        if place:
            if self.fresh:
                self.chain, self.fresh = [], False
            self.chain.append((relative(place.group(1)), int(place.group(2))))
            return
        code = self.CODE.match(text)
        if code:
            address, predicate, opcode, operands = code.groups()
            self.fresh = True
            self.instructions.append(Instruction(int(address, 16), opcode, operands.strip(), (predicate or '').strip(),
                                                 tuple(self.chain)))
            return
        control = self.CONTROL.match(text)
        if control:
            decode(int(control.group(1), 16), self.instructions[-1])
            return
        label = re.match(r'([.$\w]+):\s*$', text)
        if label:
            self.labels[label.group(1)] = len(self.instructions)

    def finish(self):
        for instruction in self.instructions:
            named = re.search(r'`\(([.$\w]+)\)', instruction.operands)
            if not named or named.group(1) not in self.labels:
                continue
            place = self.labels[named.group(1)]
            if place < len(self.instructions):
                instruction.target = self.instructions[place].address
            if instruction.name == 'CALL':
                instruction.callee = named.group(1)
        return self.instructions


def decode(high, instruction):
    """Fills in what the upper 64 bits of the word say about time: bits 105 to 121 of the whole."""
    instruction.stall = high >> 41 & 15
    instruction.written = high >> 46 & 7
    instruction.read = high >> 49 & 7
    instruction.waits = tuple(board for board in range(6) if high >> 52 + board & 1)


def kernel(sass, name):
    """The instructions of the kernel whose mangled name contains `name`, in their order."""
    reader, inside = Reader(), False
    for text in sass.split('\n'):
        if text.lstrip().startswith('.section\t'):
            inside = '.text.' in text and name in text
        elif inside:
            reader.take(text)
    return reader.finish()
