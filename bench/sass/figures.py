"""What each part of a stage takes of a warp, in each scenario: the figures that bench/gpu_model.py works with."""
from dataclasses import asdict, fields

from sass.faults import GENERIC_BY_NATURE, SerialPairs
from sass.flow import Flow
from sass.lanes import Lanes
from sass.paths import Walk
from sass.replay import NEAR, OTHER_BLOCK, Cost, replay
from sass.scenarios import SCENARIOS

# Functions that are reported by what they call, and not as a whole.
OPENED = ('rollout_by_warp', 'rollout_by_quartet', 'advantages_of_chunk', 'add_tile', 'reduce_in_cluster', 'adam_in_cluster')
SMALL = 0.005  # of a stage's cycles: what takes less is reported together
# Around the stages; not every chain of calls goes back to them.
AROUND = ('train', 'train_agents', 'train_agent', 'update')
# Outside of the stages: what update.hpp has one thread do between them, and the barrier.
BETWEEN = {'begin': 'notes', 'next_minibatch': 'notes', 'end': 'barrier', 'arrive': 'barrier', 'leave': 'barrier',
           'wait': 'barrier'}
NOT_PREDICTED = ('barrier', 'loop')  # a card's barrier is a figure of its own; the rest runs once a launch


class Parts:
    """Names the part of a stage that an instruction belongs to."""

    def __init__(self, sources):
        self.sources, self.known = sources, {}

    def __call__(self, instruction):
        """(stage, part)"""
        if instruction.chain not in self.known:
            self.known[instruction.chain] = self.name(instruction.chain)
        return self.known[instruction.chain]

    def name(self, chain):
        stage = self.sources.stage(chain)
        functions = self.sources.functions(chain)[::-1]  # from the kernel inwards
        if stage is None:
            inner = functions[functions.index('update') + 1:] if 'update' in functions else []
            return (BETWEEN[inner[0]], inner[0]) if inner and inner[0] in BETWEEN else ('loop', 'loop')
        inner = [name for name in functions if name not in (*AROUND, stage, f'{stage}_stage')]
        depth = 2 if inner and inner[0] in OPENED else 1
        if len(inner) > depth and inner[depth - 1] == 'for_panels':
            inner.remove('for_panels')
        return stage, '/'.join(dict.fromkeys(inner[:depth])) or 'rest'


class Report:
    """All that is known of a kernel's code."""

    def __init__(self, code, sources, scenarios=SCENARIOS):
        self.code, self.sources, self.scenarios, self.flow = code, sources, scenarios, Flow(code)
        self.unknown_loops, self.unknown_addresses, self.costs, self.serial = set(), {}, {}, {}
        for scenario in scenarios:
            self.play(scenario)

    def play(self, scenario):
        walk, lanes, pairs = Walk(self.flow, self.sources, scenario), Lanes(), SerialPairs()
        known = {}

        def short_cut(instruction):
            chain = instruction.chain
            if chain not in known:
                near = any(self.sources.matches(place, key) for key in scenario.near for place in chain)
                of_block = set(GENERIC_BY_NATURE) & set(self.sources.functions(chain))
                known[chain] = OTHER_BLOCK if of_block else NEAR if near else None
            return known[chain]

        costs = replay(pairs.watch(walk), Parts(self.sources), lanes.wavefronts, short_cut)
        self.costs[scenario.name] = joined(costs)
        self.serial[scenario.name] = pairs.found()
        self.unknown_loops |= walk.guessed
        self.unknown_addresses[scenario.name] = lanes.unknown

    def json(self):
        """{scenario: {"warps": {stage: number}, "stages": {stage: {part: {figure: number}}}}}"""
        return {scenario.name: {'warps': scenario.warps,
                                'stages': {stage: {part: rounded(cost) for part, cost in parts.items() if cost.issued}
                                           for stage, parts in self.costs[scenario.name].items()
                                           if stage not in NOT_PREDICTED}}
                for scenario in self.scenarios}


def add(to, cost):
    for entry in fields(Cost):
        setattr(to, entry.name, getattr(to, entry.name) + getattr(cost, entry.name))


def rounded(cost):
    return {key: round(value) for key, value in asdict(cost).items() if round(value) and key != 'moment'}


def joined(costs):
    """{stage: {part: Cost}}, with what is small under "rest"; parts in the order in which a warp comes to them."""
    stages = {}
    for stage in dict.fromkeys(stage for stage, _ in costs):
        parts = {part: cost for (of, part), cost in costs.items() if of == stage}
        least = SMALL * sum(cost.cycles for cost in parts.values())
        rest = parts.setdefault('rest', Cost())
        for part in [part for part, cost in parts.items() if cost.cycles < least and part != 'rest']:
            add(rest, parts.pop(part))
        stages[stage] = dict(sorted(parts.items(), key=lambda item: item[1].middle()))
    return stages
