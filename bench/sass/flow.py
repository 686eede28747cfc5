"""Blocks of a kernel's code, its loops, and where branches meet again."""
from dataclasses import dataclass, field

END = -1  # a successor of every block that leaves the kernel


@dataclass
class Block:
    """Instructions that run one after the other."""
    number: int
    code: list
    after: list = field(default_factory=list)   # numbers of its successors; the branch's target comes last
    before: list = field(default_factory=list)

    @property
    def last(self):
        return self.code[-1]


@dataclass
class Loop:
    """A natural loop."""
    header: int
    blocks: set
    latches: set  # the blocks that lead back to the header


def is_conditional(instruction):
    """Whether a branch may also go on to the next instruction."""
    return bool(instruction.predicate) or instruction.name == 'BRA' and ',' in instruction.operands


def ends_block(instruction):
    return instruction.name in ('BRA', 'EXIT', 'RET', 'BRX', 'JMP', 'KILL', 'BPT')


def is_trap(block):
    return block.code[0].name == 'BPT'


def blocks_of(code):
    """The blocks of the kernel itself, without the functions it calls; numbered in the order of the code."""
    functions = {instruction.target for instruction in code if instruction.name == 'CALL'}
    own = [instruction for instruction in code if instruction.address < min(functions, default=1 << 62)]
    begins = {own[0].address} | {i.target for i in own if i.name == 'BRA'}
    begins |= {after.address for before, after in zip(own, own[1:]) if ends_block(before)}
    blocks, at = [], {}
    for instruction in own:
        if instruction.address in begins:
            blocks.append(Block(len(blocks), []))
            at[instruction.address] = blocks[-1].number
        blocks[-1].code.append(instruction)
    for block in blocks:
        last = block.last
        if not (ends_block(last) and not is_conditional(last)):
            block.after.append(block.number + 1 if block.number + 1 < len(blocks) else END)
        if last.name == 'BRA':
            block.after.append(at[last.target])
        elif ends_block(last):
            block.after.append(END)
        # No way back from a branch to itself: a trap for whoever comes there.
        block.after = [END] if block.after == [block.number] else block.after
    for block in blocks:
        # What ends the program is no way through it.
        block.after = [b for b in block.after if b == END or not is_trap(blocks[b])] or block.after
        for other in block.after:
            if other != END:
                blocks[other].before.append(block.number)
    return blocks


def order_of(start, after):
    """Every block that `start` leads to, later ones first (a reverse postorder is its reverse)."""
    order, seen, stack = [], {start}, [(start, iter(after(start)))]
    while stack:
        block, rest = stack[-1]
        following = next((b for b in rest if b not in seen), None)
        if following is None:
            order.append(block)
            stack.pop()
        else:
            seen.add(following)
            stack.append((following, iter(after(following))))
    return order


def dominators(start, after, before):
    """{block: the last block that every way from `start` to it passes} (Cooper, Harvey, Kennedy 2001, "A simple, fast
    dominance algorithm")."""
    order = order_of(start, after)
    rank = {block: number for number, block in enumerate(order)}
    parent = {start: start}

    def meet(a, b):
        while a != b:
            while rank[a] < rank[b]:
                a = parent[a]
            while rank[b] < rank[a]:
                b = parent[b]
        return a

    changed = True
    while changed:
        changed = False
        for block in reversed(order[:-1]):
            known = [b for b in before(block) if b in parent]
            new = known[0]
            for other in known[1:]:
                new = meet(new, other)
            changed = changed or parent.get(block) != new
            parent[block] = new
    return parent


class Flow:
    """A kernel's blocks, its loops, and for each block the one where all ways from it meet."""

    def __init__(self, code):
        self.blocks = blocks_of(code)
        ends = [block.number for block in self.blocks if END in block.after]
        before = {END: ends, **{block.number: block.before for block in self.blocks}}
        self.meets = dominators(END, before.get, self.after)
        parent = dominators(0, self.after, before.get)
        self.loops = self.find_loops(parent)

    def after(self, number):
        return [] if number == END else self.blocks[number].after

    def find_loops(self, parent):
        """Loops by their header, inner ones last."""
        loops = {}
        for block in self.blocks:
            for header in block.after:
                if header != END and block.number in parent and self.dominates(parent, header, block.number):
                    loop = loops.setdefault(header, Loop(header, {header}, set()))
                    loop.latches.add(block.number)
                    self.fill(loop, block.number)
        return dict(sorted(loops.items(), key=lambda item: -len(item[1].blocks)))

    def fill(self, loop, latch):
        stack = [latch]
        while stack:
            number = stack.pop()
            if number not in loop.blocks:
                loop.blocks.add(number)
                stack += self.blocks[number].before

    @staticmethod
    def dominates(parent, above, block):
        while block != above and parent[block] != block:
            block = parent[block]
        return block == above

    def code(self, numbers):
        return [instruction for number in sorted(numbers) for instruction in self.blocks[number].code]
