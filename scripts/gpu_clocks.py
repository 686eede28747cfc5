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
    """Writes to `path`, from `start` to `end`, what the card at `pci` does; the machine may have others."""

    def __init__(self, path, pci):
        self.path = path
        self.command = [*COMMAND, '-i', pci]
        self.process = None
        self.problem = None  # why there is none, or not all of it
        self.marked = 0  # [bytes] of the log before the mark

    def start(self):
        if not shutil.which(COMMAND[0]):
            self.problem = f'there is no {COMMAND[0]}'
            return
        by_lines = ['stdbuf', '-oL'] if shutil.which('stdbuf') else []  # or they may come late, and many at once
        try:
            with self.path.open('wb') as log:
                self.process = gpu_process.start([*by_lines, *self.command], log)
        except OSError as error:
            self.problem = str(error)

    def end(self):
        if self.process:
            if self.process.poll() is not None and not self.problem:
                said = self.read(0).decode(errors='replace').strip().split('\n')[-1]
                self.problem = f'{COMMAND[0]} ended early, exit code {self.process.returncode}: {said}'
            gpu_process.end_group(self.process)

    def read(self, begin):
        """The log from that byte on; none of it where it is gone."""
        try:
            with self.path.open('rb') as log:
                log.seek(begin)
                return log.read()
        except OSError as error:
            self.problem = str(error)
            return b''

    def mark(self):
        self.marked = len(self.read(0)) if self.process else 0

    def since_mark(self):
        """None where nothing was logged."""
        found = LINE.findall(self.read(self.marked).decode(errors='replace')) if self.process else []
        if not found:
            return None
        clocks, watts = [int(line[0]) for line in found], [float(line[1]) for line in found]
        return {'samples': len(found), 'least_mhz': min(clocks), 'median_mhz': statistics.median(clocks),
                'median_w': statistics.median(watts), 'most_w': max(watts),
                'event_reasons': sorted({line[2] for line in found})}
