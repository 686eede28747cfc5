"""Replays a warp's way through a kernel: issued in order, with the compiler's stall counts and scoreboards.

The compiler's words say when an instruction may be issued if all goes by plan, and on what it waits otherwise. Only the
latter take a time that has to be assumed; CYCLES is the one place for that. A replay knows one warp: not the others of
its block, nor instructions that have to be fetched. Predictions, until a card has been asked.
"""
import re
from collections import defaultdict
from dataclasses import dataclass

from sass.listing import NO_SCOREBOARD

# Cycles from issue to result, of one warp with nothing in its way. Assumed, in the range of published microbenchmarks:
# shared memory, shuffles and the level-2 cache (about 260 at best, 280 with light traffic) as on Hopper (Luo et al.
# 2024, arXiv:2402.13499), the rest as on Volta (Jia et al. 2018, chapter 4).
CYCLES = {'LDS': 29, 'SHFL': 24, 'MUFU': 23, 'LD': 280, 'LDG': 280, 'ATOMG': 280, 'LDC': 30, 'S2R': 23, 'S2UR': 23,
          'I2F': 23, 'F2I': 23, 'F2F': 23, 'CS2R': 10, 'R2UR': 10, 'BAR': 20, 'VOTE': 10}
OTHER_CYCLES = 20
# Loads that do not go to the level-2 cache: to the multiprocessor's own one, and to the shared memory of a cluster's other
# block (180 without traffic, Luo et al. 2024).
NEAR, OTHER_BLOCK = 40, 200
OPERANDS_READ = 10      # cycles until a store, or whatever else is underway, no longer needs its operands
SLOW_CALL_CYCLES = 300  # a function for 64-bit integers or rare operands
FROM_CACHE = ('LD', 'LDG')
BYTES = {'.U8': 1, '.S8': 1, '.U16': 2, '.S16': 2, '.64': 8, '.128': 16}
DOUBLES, SINGLES = ('DFMA', 'DMUL', 'DADD'), ('FFMA', 'FADD', 'FMUL')


def width(opcode):
    """[bytes] that each lane loads or stores."""
    return next((number for suffix, number in BYTES.items() if suffix + '.' in opcode + '.'), 4)


@dataclass
class Cost:
    """What a part of a kernel takes of a warp's time, and of what warps share."""
    cycles: float = 0      # that pass until it is done
    issued: float = 0      # instructions
    wavefronts: float = 0  # of shared memory, shuffles included
    trips: float = 0       # to the level-2 cache and back, one after the other
    bytes: float = 0       # from or to global memory, of 32 lanes
    hops: float = 0        # the same, from other blocks' shared memory
    pushes: float = 0      # the same, to it
    meetings: float = 0    # of a cluster
    doubles: float = 0     # operations in double
    divisions: float = 0   # of integers
    calls: float = 0       # of functions
    fmas: float = 0        # fused multiply-adds in single precision
    singles: float = 0     # all operations in single precision
    moment: float = 0      # its cycles, each times when it passes

    def middle(self):
        """When half of it is done, more or less."""
        return self.moment / max(self.cycles, 1)


class Warp:
    """The state of the replayed warp."""

    def __init__(self, wavefronts, short_cut=lambda instruction: None):
        self.wavefronts = wavefronts  # of an instruction, from the addresses of its lanes
        self.short_cut = short_cut    # of a load or store: NEAR, OTHER_BLOCK, or None
        self.now = 0
        self.boards = [[] for _ in range(6)]  # [(cycle at which it comes down, trips that it stands for), ...]
        self.pipe = 0                         # until when shared memory is busy with what this warp asked for
        self.trips = 0                        # that it has waited for so far

    def wait(self, instruction):
        for board in instruction.waits:
            self.drain(board, 0)
        if instruction.name == 'DEPBAR':
            named = re.search(r'SB(\d), (0x[0-9a-f]+)', instruction.operands)
            if named:
                self.drain(int(named.group(1)), int(named.group(2), 16))

    def drain(self, board, left):
        """Until only so many of those that raised a scoreboard keep it up."""
        pending = self.boards[board]
        while len(pending) > left:
            cycle, trips = pending.pop(0)
            self.now = max(self.now, cycle)
            self.trips = max(self.trips, trips)

    def issue(self, instruction):
        """Returns the wavefronts it takes."""
        self.wait(instruction)
        fronts = self.wavefronts(instruction)
        begins = max(self.now, self.pipe) if fronts else self.now
        if fronts:
            self.pipe = begins + fronts
        short_cut = self.short_cut(instruction) if instruction.name in FROM_CACHE else None
        cycles = short_cut or CYCLES.get(instruction.name, OTHER_CYCLES)
        if instruction.written != NO_SCOREBOARD:
            trips = self.trips + (instruction.name in FROM_CACHE and not short_cut)
            self.boards[instruction.written].append((begins + max(fronts - 1, 0) + cycles, trips))
        if instruction.read != NO_SCOREBOARD:
            self.boards[instruction.read].append((begins + max(fronts - 1, 0) + OPERANDS_READ, self.trips))
        self.now += max(instruction.stall, 1)
        if instruction.name == 'CALL':
            self.now += SLOW_CALL_CYCLES
        return fronts


def is_division(instruction):
    """Where an integer division begins: with an estimate of the reciprocal, rounded up."""
    return instruction.name == 'I2F' and instruction.opcode.endswith('.RP')


def replay(walk, part_of, wavefronts, short_cut):
    """{part: Cost} of a way, [(instruction, weight), ...]."""
    warp, costs = Warp(wavefronts, short_cut), defaultdict(Cost)
    for instruction, weight in walk:
        before, trips = warp.now, warp.trips
        fronts = warp.issue(instruction)
        cost = costs[part_of(instruction)]
        cost.cycles += weight * (warp.now - before)
        cost.moment += weight * (warp.now - before) * warp.now
        cost.trips += weight * (warp.trips - trips)
        cost.issued += weight
        cost.wavefronts += weight * fronts
        cost.doubles += weight * (instruction.name in DOUBLES)
        cost.divisions += weight * is_division(instruction)
        cost.calls += weight * (instruction.name == 'CALL')
        cost.fmas += weight * (instruction.name == 'FFMA')
        cost.singles += weight * (instruction.name in SINGLES)
        cost.meetings += weight * (instruction.name == 'UCGABAR_WAIT')
        if instruction.name in ('LD', 'LDG', 'ST', 'STG'):
            size = weight * 32 * width(instruction.opcode)
            if short_cut(instruction) == OTHER_BLOCK:
                cost.hops += size * (instruction.name in FROM_CACHE)
                cost.pushes += size * (instruction.name not in FROM_CACHE)
            else:
                cost.bytes += size
    return costs
