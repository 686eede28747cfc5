"""Faults of a kernel's code that no count of instructions shows: what bench/sass_report.py --check fails on."""
import re
from collections import Counter

from sass.paths import runs_of

LOADS, STORES, GENERIC = ('LD', 'LDG'), ('ST', 'STG', 'STS'), ('LD', 'ST', 'ATOM')
# Loads in a row that each wait for the store of the one before. A round trip to the level-2 cache takes some 280 cycles
# (replay.py), so that eight take 0.6 % of one agent's update even where they run once; the replay shows what fewer take.
MOST_SERIAL = 7
MUCH_WORK = 280     # instructions after a load, which take as long as it does: the wait is the lesser part
MOST_GENERIC = 0    # loads and stores that find out at run time which memory they mean
# The shared memory of a cluster's other blocks has generic addresses by nature.
GENERIC_BY_NATURE = ('load_from_block', 'load_quad_from_block', 'store_to_block', 'store_quad_to_block')
MOST_DIVISIONS = 0  # of 64-bit integers in a stage; of 32-bit ones in a loop of a stage
DIVIDES_64 = re.compile(r'(div|rem)_[su]64')


class SerialPairs:
    """Sees the loads that a warp waits for one after the other: load, wait, store, and only then the next load. What is
    loaded could have been underway together, had the compiler known that no store changes it. A loop counts as what its
    iterations are, one after the other."""

    def __init__(self):
        # Those that the walk is in: ((loop's header, number, trips), [(one of 'LWS-', instruction), ...]).
        self.iterations = [(None, [])]
        self.boards = {}  # scoreboards that loads keep up
        self.work = 0     # instructions since the latest load

    def watch(self, walk):
        for instruction, weight in walk:
            self.follow([(loop.header, number, trips) for loop, number, trips in walk.loops])
            self.see(instruction)
            yield instruction, weight

    def follow(self, loops):
        """Begins and ends iterations, so that they are those of the walk."""
        known = [loop for loop, _ in self.iterations[1:]]
        if known == loops:
            return
        while known != loops[:len(known)]:
            self.leave_iteration()
            known.pop()
        self.iterations += [(loop, []) for loop in loops[len(known):]]

    def leave_iteration(self):
        (_, number, trips), events = self.iterations.pop()
        times = min(runs_of(number, trips), MOST_SERIAL + 1)  # which is enough for a complaint
        self.iterations[-1][1].extend(events * times)

    def see(self, instruction):
        self.work += 1
        if self.work == MUCH_WORK:
            self.note('-', instruction)
        if any(self.boards.pop(board, False) for board in instruction.waits):
            self.note('W', instruction)
        if instruction.name in LOADS:
            self.boards[instruction.written] = True
            self.work = 0
            self.note('L', instruction)
        elif instruction.name in STORES:
            self.note('S', instruction)

    def note(self, event, instruction):
        self.iterations[-1][1].append((event, instruction))

    def found(self):
        """[(how many in a row, at least; the first load), ...], with more than MOST_SERIAL."""
        self.follow([])
        events = self.iterations[0][1]
        rows = re.finditer(f'(?:LWS+){{{MOST_SERIAL + 1},}}', ''.join(event for event, _ in events))
        return [(row.group().count('L'), events[row.start()][1]) for row in rows]


def place(sources, chain):
    """Where an instruction comes from, for people: the stage, the line, and the functions around it."""
    file, line = chain[0] if chain else ('?', 0)
    within = ' < '.join(dict.fromkeys(sources.functions(chain)[:4]))
    return f'{sources.stage(chain) or "kernel"}: {file}:{line} ({within})'


def serial_loads(serial, sources):
    return [f'at least {count} loads one after the other, each waited for and stored before the next; first at '
            f'{place(sources, first.chain)}. Load them all into registers before the first store'
            for count, first in serial]


def generic_accesses(code, sources):
    found = Counter(place(sources, i.chain) for i in code
                    if i.name in GENERIC and not set(GENERIC_BY_NATURE) & set(sources.functions(i.chain)))
    if sum(found.values()) <= MOST_GENERIC:
        return []
    worst = '; '.join(f'{count} at {where}' for where, count in found.most_common(3))
    return [f'{sum(found.values())} generic loads and stores, in {len(found)} places: {worst}. Tell the compiler that '
            'the pointers are global']


def stage_loops(flow, sources):
    """The loops that lie within a stage, each as (stage, its blocks)."""
    found = []
    for loop in flow.loops.values():
        code = flow.code(loop.blocks)
        stage, hits = Counter(sources.stage(i.chain) for i in code).most_common(1)[0]
        if stage and hits > 0.9 * len(code):
            found.append((stage, loop.blocks))
    return found


def divisions(flow, sources):
    """Complaints about divisions of integers, one a source line."""
    wide = Counter(place(sources, i.chain) for block in flow.blocks for i in block.code
                   if sources.stage(i.chain) and (DIVIDES_64.search(i.callee) or i.opcode.startswith('I2F.U64.RP')))
    looped = set().union(*(blocks for _, blocks in stage_loops(flow, sources)))
    narrow = Counter(place(sources, i.chain) for number in looped for i in flow.blocks[number].code
                     if i.opcode in ('I2F.RP', 'I2F.U32.RP'))
    for where in wide:  # they try 32 bits first
        narrow.pop(where, None)
    complaints = []
    for found, what in ((wide, 'of 64-bit integers in a stage'), (narrow, 'of 32-bit integers in a loop of a stage')):
        if sum(found.values()) > MOST_DIVISIONS:
            places = '; '.join(f'{count} at {where}' for where, count in found.most_common(4))
            complaints.append(f'{sum(found.values())} divisions {what}, in {len(found)} places: {places}. Divide once, '
                              'before the stages')
    return complaints


def complaints(report):
    """Of a sass.figures.Report."""
    serial = {first.address: (count, first) for found in report.serial.values() for count, first in found}
    return [*serial_loads(serial.values(), report.sources), *generic_accesses(report.code, report.sources),
            *divisions(report.flow, report.sources)]
