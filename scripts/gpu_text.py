"""Cuts the texts of other programs for scripts/gpu_check, so that what matters stays."""
import csv
import re


def cut(text, most):
    """At most that many bytes: of a profile as CSV, the rows with the most samples; of other texts, the beginning."""
    note = f'\n[cut: {len(text.encode())} bytes]\n'
    most -= len(note)
    shorter = hottest(text.split('\n'), most)
    return (shorter or text.encode()[:most].decode(errors='ignore')) + note


def hottest(lines, most):
    """What is above the rows, and as many of these as there is room for, in their order; None where there are no
    samples."""
    heading = next((number for number, line in enumerate(lines) if column_of_samples(line) is not None), None)
    if heading is None:
        return None
    column = column_of_samples(lines[heading])
    above, rows = lines[:heading + 1], lines[heading + 1:]
    left = most - size(above)
    kept = set()
    for number in sorted(range(len(rows)), key=lambda number: -samples(rows[number], column)):
        left -= size([rows[number]])
        if left < 0:
            break
        kept.add(number)
    return '\n'.join([*above, *(rows[number] for number in sorted(kept))])


def size(lines):
    return sum(len(line.encode()) + 1 for line in lines)


def cells(line):
    return next(csv.reader([line]), [])


def column_of_samples(line):
    """Its number, if that is the heading of a source page."""
    names = [name.lower() for name in cells(line)]
    return next((number for number, name in enumerate(names) if 'sampl' in name), None) if 'source' in names else None


def samples(line, column):
    found = cells(line)
    text = found[column].replace(',', '') if column < len(found) else ''
    return float(text) if re.fullmatch(r'\d+(\.\d+)?', text) else 0
