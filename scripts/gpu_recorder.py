"""Steps of scripts/gpu_check: each is a command with a time limit, and whatever becomes of it is recorded."""
import dataclasses
import tempfile
import time
import typing

import gpu_process

TAIL_LINES, TAIL_COLUMNS = 25, 500


@dataclasses.dataclass
class Step:
    """A step to run. `read(output)` returns its figures, and raises ValueError where they are wrong."""
    name: str
    command: list
    limit_s: float
    read: typing.Callable[[str], dict] | None = None
    tail: int = TAIL_LINES  # lines of the output that are kept where it fails
    skipped_by: str | None = None  # where it fails and says this, the machine cannot run it


class Recorder:
    """Runs steps until the budget is spent; a step that goes wrong does not keep the next from running. `save(steps)`
    is called after each; `clocks` says what the card did meanwhile."""

    def __init__(self, budget_s, clocks, save):
        self.end = time.monotonic() + budget_s
        self.clocks = clocks
        self.save = save
        self.steps = []

    def left(self):
        return self.end - time.monotonic()

    def run(self, step):
        """Returns the record of the step."""
        record = {'name': step.name, 'command': [str(word) for word in step.command]}
        limit = min(step.limit_s, self.left())
        if limit < 1:
            return self._end(record, 'skipped', 'no time left')
        text, problem = self._execute(step, record, limit)
        try:
            if problem:
                raise ValueError(problem)
            if step.read:
                record['figures'] = step.read(text)
        except (ValueError, KeyError, IndexError, TypeError, OSError) as error:
            record['tail'] = tail_of(text, step.tail)
            if step.skipped_by and step.skipped_by in text:
                return self._end(record, 'skipped', step.skipped_by)
            return self._end(record, 'failed', str(error) or type(error).__name__)
        return self._end(record, 'passed')

    def skip(self, name, note):
        return self._end({'name': name}, 'skipped', note)

    def _execute(self, step, record, limit):
        """(its output, how it ended if not well)"""
        self.clocks.mark()
        begin = time.monotonic()
        with tempfile.TemporaryFile() as output:
            try:
                exit_code, gone = gpu_process.execute(step.command, limit, output)
            except gpu_process.Stopped as stopped:
                record['tail'] = tail_of(gpu_process.text_of(output), step.tail)
                self._end(record, 'failed', str(stopped))
                raise
            text = gpu_process.text_of(output)
        record.update(seconds=round(time.monotonic() - begin, 3), exit_code=exit_code, card=self.clocks.since_mark())
        ending = f'stopped after {limit:.0f} s' if exit_code is None else f'exit code {exit_code}' if exit_code else ''
        return text, ending if gone else f'{ending}; its process cannot be ended'

    def _end(self, record, result, note=None):
        record['result'] = result
        if note:
            record['note'] = note
        self.steps.append(record)
        print(f"{result:8}{record.get('seconds', 0):7.1f} s  {record['name']}" + (f': {note}' if note else ''),
              flush=True)
        self.save(self.steps)
        return record


def tail_of(text, lines):
    return [line[:TAIL_COLUMNS] for line in text.split('\n')[-lines:]]
