"""Instructions as they stand in the code: what an fma costs in the gradient's inner products, and what a tanh costs."""
import re
from collections import Counter, defaultdict

MOST_PER_FMA = 1.2
MOST_PER_TANH = 30

# The inner products of the gradient stage: loads of operands, and fused multiply-adds.
PRODUCTS = ('hidden_tile', 'hidden_tile_back', 'add_l2')
# Calls within them that are done once a tile: not part of the products.
ONCE_A_TILE = ('activate_tile', 'store_tile', 'start', 'sum')


def part_of(sources, chain):
    """'gradient: hidden_tile', or 'gradient' for what belongs to none of the counted parts."""
    stage = sources.stage(chain) or 'loop'
    functions = [sources.function(*place) for place in chain]
    if 'quick_tanh' in functions:
        return f'{stage}: tanh'
    for name in PRODUCTS:
        if name not in functions:
            continue
        within = functions[:functions.index(name)]
        once = any(function in ONCE_A_TILE for function in within)
        biases = any('bias' in sources.text(*place) for place in chain)
        return f'{stage}: {name}' + (', once a tile' if once or biases else '')
    return stage


def count(code, sources):
    """{part: {opcode: instructions}}"""
    parts = defaultdict(Counter)
    for instruction in code:
        part = parts[part_of(sources, instruction.chain)]
        part[instruction.name + ('.128' if '.128' in instruction.opcode else '')] += 1
        part['reciprocals'] += instruction.opcode.startswith('MUFU.RCP')
    return parts


def size(part):
    return sum(number for opcode, number in part.items() if opcode != 'reciprocals')


def table(architecture, parts):
    rows = [f'| sm_{architecture} | instructions | FFMA | 16-byte loads | other loads, stores | per FFMA | per tanh |',
            '| --- | --- | --- | --- | --- | --- | --- |']
    for name in sorted(parts):
        part = parts[name]
        other = sum(part[opcode] for opcode in ('LDS', 'STS', 'STS.128', 'LD', 'ST', 'LDG', 'STG'))
        per_fma = f"{size(part) / part['FFMA']:.3f}" if name.split(': ')[-1] in PRODUCTS else ''
        per_tanh = f"{size(part) / part['reciprocals']:.1f}" if name.endswith('tanh') else ''
        counts = (size(part), part['FFMA'], part['LDS.128'], other)
        rows.append(f"| {name} | {' | '.join(map(str, counts))} | {per_fma} | {per_tanh} |")
    rows.append(f'| together | {sum(size(part) for part in parts.values())} | | | | | |')
    return '\n'.join(rows)


def complaints(parts):
    """What is above its limit."""
    found = []
    for name in PRODUCTS:
        part = parts[f'gradient: {name}']
        if size(part) == 0 or size(part) > MOST_PER_FMA * part['FFMA']:
            found.append(f"{name} takes {size(part)} instructions for {part['FFMA']} fma, "
                         f'more than {MOST_PER_FMA} each')
    for stage in ('rollout', 'values', 'gradient'):
        part = parts[f'{stage}: tanh']
        if size(part) == 0 or size(part) > MOST_PER_TANH * part['reciprocals']:
            found.append(f"{part['reciprocals']} tanh of the {stage} stage take {size(part)} instructions, more than "
                         f'{MOST_PER_TANH} each')
    return found


def reads_read_only_cache(code):
    return any(re.match(r'LDG\.[\w.]*CONSTANT', instruction.opcode) for instruction in code)
