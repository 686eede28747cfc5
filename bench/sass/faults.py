"""Faults of a kernel's code that no count of instructions shows: what bench/sass_report.py --check fails on."""
import re
from collections import Counter

LOADS, STORES, GENERIC = ('LD', 'LDG'), ('ST', 'STG', 'STS'), ('LD', 'ST', 'ATOM')
MOST_SERIAL = 7     # loads in a row that each wait for the store of the one before
MOST_GENERIC = 0    # loads and stores that find out at run time which memory they mean
# The shared memory of a cluster's other blocks has generic addresses by nature.
GENERIC_BY_NATURE = ('load_from_block', 'load_quad_from_block', 'store_to_block', 'store_quad_to_block')
MOST_DIVISIONS = 0  # of 64-bit integers in a stage; of 32-bit ones in a loop of a stage
DIVIDES_64 = re.compile(r'(div|rem)_[su]64')


class SerialPairs:
    """Sees the loads that a warp waits for one after the other: load, wait, store, and only then the next load. What is
    loaded could have been underway together, had the compiler known that no store changes it."""

    def __init__(self):
        self.events, self.at = [], []  # of each event, 'L', 'W' or 'S': the instruction
        self.boards = {}               # scoreboards that loads keep up

    def watch(self, walk):
        for instruction, weight in walk:
            self.see(instruction)
            yield instruction, weight

    def see(self, instruction):
        if any(self.boards.pop(board, False) for board in instruction.waits):
            self.note('W', instruction)
        if instruction.name in LOADS:
            self.boards[instruction.written] = True
            self.note('L', instruction)
        elif instruction.name in STORES:
            self.note('S', instruction)

    def note(self, event, instruction):
        self.events.append(event)
        self.at.append(instruction)

    def found(self):
        """[(how many in a row, the first load), ...], with more than MOST_SERIAL."""
        text = ''.join(self.events)
        rows = re.finditer(f'(?:LWS+){{{MOST_SERIAL + 1},}}', text)
        return [(row.group().count('L'), self.at[row.start()]) for row in rows]


def place(sources, chain):
    """Where an instruction comes from, for people: the stage, the line, and the functions around it."""
    file, line = chain[0] if chain else ('?', 0)
    within = ' < '.join(dict.fromkeys(sources.functions(chain)[:4]))
    return f'{sources.stage(chain) or "kernel"}: {file}:{line} ({within})'


def serial_loads(serial, sources):
    return [f'{count} loads one after the other, each waited for and stored before the next; first at '
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
