"""Which addresses the lanes of a warp name, and how many wavefronts of shared memory that takes.

Registers are followed along a warp's way, for its 32 lanes, as far as whole numbers go. A number that all lanes share
but that nobody knows here (an argument of the kernel, say) counts as 0: it moves all addresses alike, and so changes no
conflict. What else is unknown stays so; its access is taken for one without conflicts and without shared addresses.

A load of 4 bytes takes a wavefront for every word that its lanes want of the fullest of 32 banks. One of 8 or 16 bytes
goes in 2 or 4 parts of the warp, each by itself, or in half as many where lanes i and i ^ 1, or i and i ^ 2, name the
same address. (Known of compute capability 7.x; not yet counted on sm_90, where ncu will decide.)
"""
import re
import struct

from sass.replay import width

LANES = range(32)
WORD = 0xffffffff
ZERO = [0] * 32


def signed(x):
    return x - (1 << 32) if x >> 31 else x


def lop3(table, a, b, c):
    out = 0
    for k in range(8):
        if table >> k & 1:
            out |= (a if k & 4 else ~a) & (b if k & 2 else ~b) & (c if k & 1 else ~c)
    return out & WORD


def shift(opcode, low, by, high):
    """SHF: of 64 bits, high above low."""
    by &= 63
    if '.L' in opcode:
        return high << by | low >> 32 - by if '.HI' in opcode else low << by
    if '.HI' in opcode:
        return (signed(high) if '.S' in opcode else high) >> min(by, 31)
    return (high << 32 | low) >> by


def half_pair(low, high):
    """HFMA2.MMA of nothing: how ptxas makes a constant, of two halves of 16 bits."""
    return int.from_bytes(struct.pack('<e', high) + struct.pack('<e', low), 'little')


class Lanes:
    """The lanes' registers. `wavefronts` is to be called for every instruction on the way, in order."""

    def __init__(self):
        self.registers = {}
        self.unknown = {}  # {(opcode, chain): how often its addresses were not known}

    def wavefronts(self, instruction):
        fronts = 0
        if instruction.name in ('LDS', 'STS'):
            addresses = self.addresses(instruction.operands)
            if addresses is None:
                key = instruction.opcode, instruction.chain
                self.unknown[key] = self.unknown.get(key, 0) + 1
            fronts = wavefronts_of(addresses, width(instruction.opcode))
        elif instruction.name == 'SHFL':
            fronts = 1
        self.follow(instruction)
        return fronts

    def addresses(self, operands):
        """Of "R4, [R5.X4+UR6+0x10]"."""
        total = ZERO
        for term in re.search(r'\[(.*?)\]', operands).group(1).split('+'):
            scale = re.search(r'\.X(\d+)', term)
            value = self.value(term)
            if value is None:
                return None
            total = [x + y * (int(scale.group(1)) if scale else 1) for x, y in zip(total, value)]
        return [x & WORD for x in total]

    def value(self, operand):
        """[32], or None."""
        operand = operand.strip()
        if re.fullmatch(r'-?0x[0-9a-f]+', operand) or re.fullmatch(r'-?\d+', operand):
            return [int(operand, 0) & WORD] * 32
        named = re.fullmatch(r'([-~]?)\|?(U?R(?:Z|\d+))\|?(?:\.\w+)*', operand)
        if not named:
            return ZERO if operand.startswith(('c[', 'SR_')) else None
        sign, name = named.groups()
        known = ZERO if name in ('RZ', 'URZ') else self.registers.get(name)
        if known is None or not sign:
            return known
        return [(-x if sign == '-' else ~x) & WORD for x in known]

    def follow(self, instruction):
        """Keeps what the instruction does to registers."""
        operands = [operand.strip() for operand in instruction.operands.split(', ')]
        if not re.fullmatch(r'U?R\d+', operands[0]) or instruction.name in ('ST', 'STG', 'STS', 'BAR'):
            return
        result = self.compute(instruction, operands[1:])
        prefix, first = re.fullmatch(r'(U?R)(\d+)', operands[0]).groups()
        pair = '.WIDE' in instruction.opcode or instruction.name in ('CS2R', 'DFMA', 'DADD', 'DMUL')
        size = 8 if pair else width(instruction.opcode)
        for further in range(1, max(size // 4, 1)):
            self.registers[f'{prefix}{int(first) + further}'] = result if result == ZERO else None
        self.registers[operands[0]] = result

    def compute(self, instruction, operands):
        """The first register that it writes, or None."""
        name, opcode = instruction.name.removeprefix('U'), instruction.opcode
        if name in ('S2R', 'S2UR'):
            return list(LANES) if operands[0] == 'SR_TID.X' else ZERO
        if name in ('LDC', 'CS2R'):
            return ZERO
        if name in ('LDS', 'LD', 'LDG'):
            addresses = self.addresses(', '.join(operands)) if name == 'LDS' else None
            return ZERO if addresses and len(set(addresses)) == 1 else None
        if name == 'HFMA2':
            return self.constant(operands)
        numbers = [operand for operand in operands if not re.fullmatch(r'!?U?PT?\d*', operand)]
        values = [self.value(operand) for operand in numbers]
        combine = COMBINE.get(name)
        if combine is None or None in values:
            return None
        opcode += '.MAX' if operands[-1] == '!PT' else ''  # of VIMNMX
        return [combine(opcode, *(value[lane] for value in values)) & WORD for lane in LANES]

    @staticmethod
    def constant(operands):
        try:
            return [half_pair(*map(float, operands[-2:]))] * 32 if 'RZ' in operands[0] else None
        except (ValueError, OverflowError):
            return None


def add3(_, *numbers):
    return sum(numbers)


def lea(opcode, a, b, *rest):
    by = rest[-1]
    if '.HI' in opcode:
        return b + (((rest[0] if len(rest) > 1 else 0) << 32 | a) >> 32 - by)
    return b + (a << by)


def multiply(opcode, a, b, c=0):
    if '.HI' in opcode:
        return (a * b >> 32) + c
    return a * b + c  # of IMAD.SHL, too: it names the power of two


def minmax(opcode, a, b):
    numbers = (a, b) if '.U32' in opcode else (signed(a), signed(b))
    return max(numbers) if opcode.endswith('.MAX') else min(numbers)


COMBINE = {
    'MOV': lambda _, a, *rest: a,
    'R2UR': lambda _, a: a,
    'IADD3': add3, 'VIADD': add3,
    'IMAD': multiply,
    'LEA': lea,
    'SHF': lambda opcode, a, by, c: shift(opcode, a, by, c),
    'LOP3': lambda _, a, b, c, table, *rest: lop3(table, a, b, c),
    'IABS': lambda _, a: abs(signed(a)),
    'VIMNMX': minmax,
}


def conflicts(addresses, size):
    """Wavefronts of lanes that go together: the most words that they want of one bank."""
    words = {address // 4 + k for address in addresses for k in range(size // 4 or 1)}
    banks = [word % 32 for word in words]
    return max(banks.count(bank) for bank in set(banks))


def wavefronts_of(addresses, size):
    """Of a load or store of `size` bytes a lane; without conflicts where the addresses are not known (None)."""
    parts = max(size // 4, 1)
    if addresses is None:
        return parts
    paired = any(all(addresses[lane] == addresses[lane ^ other] for lane in LANES) for other in (1, 2))
    parts = max(parts // 2, 1) if paired else parts
    together = 32 // parts
    return sum(conflicts(addresses[first:first + together], size) for first in range(0, 32, together))
