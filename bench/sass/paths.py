"""The way of one warp through a kernel, in a scenario: instructions in the order in which they run."""
from collections import Counter, defaultdict
from math import gcd

from sass.flow import END
from sass.listing import ToolError

MOSTLY, PARTLY = 0.75, 0.5  # of a side's instructions
ACCESSES = ('LD', 'ST', 'LDG', 'STG', 'LDS', 'STS')
REPEATED = 2  # iterations of a loop that are walked; the last one stands for the rest


def unrolled(code, chain):
    """How many iterations of the loop that ends in the line `chain` lie in the code, going by that line's own loads,
    stores and shuffles; 0 if it has none there."""
    accesses = Counter(i.opcode for i in code if i.chain == chain and i.name in ACCESSES)
    shuffles = Counter(i.opcode for i in code if i.name == 'SHFL' and chain in (i.chain[1:], i.chain[2:]))
    return gcd(*(accesses + shuffles).values())


def is_rendezvous(code):
    """Whether a loop is the compiler's own: a warp of sm_75 waits there for its lanes that took another way."""
    return all(i.name in ('VOTE', 'VOTEU', 'YIELD', 'LOP3', 'BRA') for i in code)


def instances(versions):
    """A line may be in the code several times. In the order of the code, [(iterations at once, header), ...] of one
    loop end where as many iterations at once come again."""
    found = []
    for iterations, header in sorted(versions, key=lambda version: version[1]):
        if not found or iterations in [known for known, _ in found[-1]]:
            found.append([])
        found[-1].append((iterations, header))
    return found


class Trips:
    """How often a pass through each loop runs it. Where the compiler has made an unrolled copy of a loop and one for
    what is left over, they share the iterations."""

    def __init__(self, flow, sources, scenario):
        self.sources, self.scenario, self.lines, self.chains = sources, scenario, {}, {}
        self.unknown, self.of_loop, versions = {}, {}, defaultdict(list)
        for header, loop in flow.loops.items():
            code = flow.code(loop.blocks)
            chain = self.line_of(flow, loop)
            trips = self.of_line(chain)
            if trips is None:
                self.of_loop[header] = 1
                if sources.stage(chain) and not is_rendezvous(code):
                    file, line = chain[0]
                    self.unknown[header] = f'{file}:{line}: {sources.text(file, line).strip()}'
            else:
                self.chains[header] = chain
                versions[chain].append((max(unrolled(code, chain), 1), header))
        for chain, versions_of_line in versions.items():
            self.lines[chain] = max(self.deal(loop, self.of_line(chain)) for loop in instances(versions_of_line))

    def line_of(self, flow, loop):
        """The chain of the line that ends a loop: of the branch back or, where nobody knows its trips, of the last way out
        where somebody does."""
        last = flow.blocks[max(loop.latches)].last.chain
        exits = (flow.blocks[number].last.chain for number in sorted(loop.blocks, reverse=True)
                 if not loop.blocks.issuperset(flow.after(number)))
        return next((chain for chain in (last, *exits) if self.of_line(chain) is not None), last)

    def deal(self, versions, left):
        """Deals so many iterations out to the versions of a loop, most unrolled first; returns how many are left."""
        for iterations, header in sorted(versions, reverse=True):
            self.of_loop[header], left = divmod(left, iterations)
        return left

    def of_line(self, chain):
        """How often a loop runs of which `chain` is the line that ends it; None if the scenario does not say."""
        if chain not in self.lines:
            functions, text = self.sources.functions(chain), self.sources.text(*chain[0]) if chain else ''
            is_loop = 'for (' in text or 'while (' in text
            self.lines[chain] = self.scenario.trips_of(functions, text) if is_loop else None
        return self.lines[chain]


def runs_of(iteration, trips):
    """How often that iteration of a walk through a loop runs in place of once."""
    return max(trips - REPEATED + 1, 1) if iteration == REPEATED else 1


class Walk:
    """Yields (instruction, weight): weight is how often it runs in place of this once."""

    def __init__(self, flow, sources, scenario):
        self.flow, self.sources, self.scenario = flow, sources, scenario
        self.trips = Trips(flow, sources, scenario)
        self.guessed = set()  # loops on its way whose trips nobody knows
        self.loops = []    # those it is in: [loop, iteration, trips]
        self.shares = []   # (block that ends it, share, places that make it rare) of the branches it is in
        self.copied = Counter()  # {line of a loop: copies of its body that ran since the loop around it began anew}
        self.sides, self.parts, self.matched = {}, {}, {}

    def __iter__(self):
        number = 0
        while number != END:
            self.enter(number)
            weight = self.weight()
            yield from ((instruction, weight) for instruction in self.flow.blocks[number].code)
            number = self.next(number)

    def enter(self, number):
        while self.loops and number not in self.loops[-1][0].blocks:
            self.loops.pop()
        while self.shares and self.shares[-1][0] == number:
            self.shares.pop()
        loop = self.flow.loops.get(number)
        if loop is None:
            return
        if self.loops and self.loops[-1][0] is loop:
            self.loops[-1][1] += 1
            if self.loops[-1][1] > REPEATED + 1:
                begins = self.flow.blocks[number].code[0].address
                raise ToolError(f'the way through the kernel does not leave the loop at {begins:#x}')
            self.copied = Counter()
        else:
            self.guessed |= {self.trips.unknown[number]} if number in self.trips.unknown else set()
            self.loops.append([loop, 1, max(self.trips.of_loop[number], 1)])

    def weight(self):
        weight = 1
        for _, iteration, trips in self.loops:
            weight *= runs_of(iteration, trips)
        for _, share, _ in self.shares:
            weight *= share
        return weight

    def next(self, number):
        after = self.flow.after(number)
        return after[0] if len(set(after)) == 1 else self.choose(number, after)

    def choose(self, number, after):
        if self.loops:
            loop, iteration, trips = self.loops[-1]
            inside = [block for block in after if block in loop.blocks]
            at_top = len(inside) == 1 and self.is_at_top(loop, inside[0])
            over = iteration > min(trips, REPEATED) - (not at_top)
            if len(inside) == 1:
                leaves = over and self.is_last_exit(loop, inside[0])
                return next(block for block in after if (block in loop.blocks) != leaves)
            if loop.header in after and over:
                return next(block for block in after if block != loop.header)
        if self.flow.blocks[number].last.opcode == 'BRA.DIV':
            return after[0]
        return self.choose_side(number, after)

    def rest_of(self, loop, inside):
        """The blocks on the way from there to the loop's header."""
        return set() if inside == loop.header else self.side(inside, loop.header) & loop.blocks

    def is_at_top(self, loop, inside):
        """Whether a loop that goes on there asks before each iteration: most of its code is still to come."""
        return len(self.flow.code(self.rest_of(loop, inside))) > PARTLY * len(self.flow.code(loop.blocks))

    def is_last_exit(self, loop, inside):
        """Whether no way from there to the loop's header has another exit: then the way out was not a break."""
        return not any(block not in loop.blocks for number in self.rest_of(loop, inside)
                       for block in self.flow.after(number))

    def choose_side(self, number, after):
        meet = self.flow.meets[number]
        sides = [self.side(block, meet) for block in after]
        for keys, share in self.scenario.shares:
            if any(keys == known for _, _, known in self.shares):
                continue  # a branch within the rare one is no rarer
            parts = [self.part_of(side, keys) for side in sides]
            rare = parts.index(max(parts))
            if max(parts) < MOSTLY or min(parts) > PARTLY:
                continue
            if share == 0:
                return after[1 - rare]
            self.shares.append((meet, share, keys))
            return after[rare]
        copies = [self.copy_in(side) for side in sides]
        if bool(copies[0]) != bool(copies[1]):
            copy = copies[0] or copies[1]
            there = after[bool(copies[1])]
            iterations = unrolled(self.flow.blocks[there].code, copy)  # none: there are blocks with some behind it
            runs = self.copied[copy] + max(iterations, 1) <= self.trips.of_line(copy)
            self.copied[copy] += runs * iterations
            return there if runs else after[bool(copies[0])]
        taken = min((0, 1), key=lambda k: self.cost(after[k], sides[k]))
        for block in sides[taken] & self.trips.chains.keys():
            self.copied[self.trips.chains[block]] = 0  # here begins what the compiler has made of that loop
        return after[taken]

    def copy_in(self, side):
        """The line of a loop that the scenario knows, as a chain, if the side is a copy of its body without a loop."""
        code = self.flow.code(side)
        if not code or any(block in self.flow.loops for block in side):
            return None
        chain, hits = Counter(i.chain for i in code).most_common(1)[0]
        return chain if hits > len(code) * PARTLY and self.trips.of_line(chain) is not None else None

    def side(self, start, meet):
        """The blocks from `start` up to where the branch's ways meet."""
        if (start, meet) not in self.sides:
            found, stack = set(), [start]
            while stack:
                block = stack.pop()
                if block not in found and block not in (meet, END):
                    found.add(block)
                    stack += self.flow.after(block)
            self.sides[start, meet] = found
        return self.sides[start, meet]

    def part_of(self, side, keys):
        """Which part of the side's instructions lies in one of these functions, or in lines with such a text."""
        key = frozenset(side), keys
        if key not in self.parts:
            code = self.flow.code(side)
            self.parts[key] = sum(self.lies_in(i.chain, keys) for i in code) / max(len(code), 1)
        return self.parts[key]

    def lies_in(self, chain, keys):
        known = self.matched.get((chain, keys))
        if known is None:
            known = any(self.sources.matches(place, key) for place in chain for key in keys)
            self.matched[chain, keys] = known
        return known

    def cost(self, start, side):
        """The side taken is the one with the least: no call of a function at once, as for rare operands, no loop that
        does not run, most work."""
        code = self.flow.code(side)
        calls = any(i.name == 'CALL' for i in self.flow.blocks[start].code) if start in side else False
        idle = set().union(*(self.flow.loops[block].blocks for block in side if self.trips.of_loop.get(block) == 0))
        return calls, len(self.flow.code(idle)) > len(code) * PARTLY, -len(code)
