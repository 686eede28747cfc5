"""What the card does beside scripts/gpu_check: nvidia-smi writes its clock, its power and what slows it down, four
times a second. It also keeps the driver open, so that no step has to wait for that."""
import re
import shutil
import statistics

import gpu_process

COMMAND = ['nvidia-smi', '--query-gpu=clocks.sm,power.draw,clocks_event_reasons.active', '--format=csv', '-lms', '250']
# "1980 MHz, 312.45 W, 0x0000000000000004"
LINE = re.compile(r'(\d+) MHz, ([\d.]+) W, (0x[0-9a-fA-F]+)')


class ClockLog:
    """Writes to `path` from `start` to `end`."""

    def __init__(self, path):
        self.path = path
        self.process = None
        self.problem = None  # why there is none
        self.marked = 0  # [bytes] of the log before the mark

    def start(self):
        if not shutil.which(COMMAND[0]):
            self.problem = f'there is no {COMMAND[0]}'
            return
        by_lines = ['stdbuf', '-oL'] if shutil.which('stdbuf') else []  # or they may come late, and many at once
        try:
            with self.path.open('wb') as log:
                self.process = gpu_process.start([*by_lines, *COMMAND], log)
        except OSError as error:
            self.problem = str(error)

    def end(self):
        if self.process:
            gpu_process.end_group(self.process)

    def mark(self):
        self.marked = self.path.stat().st_size if self.process else 0

    def since_mark(self):
        """None where nothing was logged."""
        if not self.process:
            return None
        with self.path.open('rb') as log:
            log.seek(self.marked)
            found = LINE.findall(log.read().decode(errors='replace'))
        if not found:
            return None
        clocks, watts = [int(line[0]) for line in found], [float(line[1]) for line in found]
        return {'samples': len(found), 'least_mhz': min(clocks), 'median_mhz': statistics.median(clocks),
                'median_w': statistics.median(watts), 'most_w': max(watts),
                'event_reasons': sorted({line[2] for line in found})}
