"""Steps of scripts/gpu_check: each is a command with a time limit, and whatever becomes of it is recorded."""
import dataclasses
import tempfile
import time
import traceback
import typing

import gpu_process
from gpu_say import say

TAIL_LINES, TAIL_COLUMNS = 25, 500


@dataclasses.dataclass
class Step:
    """A step to run. `read(output)` returns its figures, and raises an exception where there are none; `judge(figures)`
    raises one where they are wrong."""
    name: str
    command: list
    limit_s: float
    read: typing.Callable[[str], dict] | None = None
    judge: typing.Callable[[dict], None] | None = None
    tail: int = TAIL_LINES  # lines of the output that are kept where it fails
    skipped_by: tuple = ()  # where it fails and says one of these, the machine cannot run it


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

    def group(self, name, steps, *arguments):
        """Calls `steps`, which runs some, and returns what it does. What goes wrong around them is recorded as one more
        that failed, for the next group may well run."""
        try:
            return steps(*arguments)
        except Exception as error:
            self._end({'name': f'{name}: around its steps', 'tail': tail_of(traceback.format_exc(), TAIL_LINES)},
                      'failed', problem_of(error))
            return None

    def run(self, step):
        """Returns the record of the step."""
        record = {'name': step.name, 'command': [str(word) for word in step.command]}
        limit = min(step.limit_s, self.left())
        if limit < 1:
            return self._end(record, 'skipped', 'no time left')
        try:
            result, note = self._play(step, record, limit)
        except gpu_process.Stopped as stopped:
            self._end(record, 'failed', str(stopped))
            raise
        return self._end(record, result, note)

    def skip(self, name, note):
        return self._end({'name': name}, 'skipped', note)

    def _play(self, step, record, limit):
        """(result, note); the rest goes into the record."""
        text = ''
        try:
            with tempfile.TemporaryFile() as output:
                try:
                    problem = self._execute(step, record, limit, output)
                finally:
                    text = gpu_process.text_of(output)
            if problem:
                raise ValueError(problem)
            if step.read:
                record['figures'] = step.read(text)
            if step.judge:
                step.judge(record['figures'])
        except gpu_process.Stopped:
            record['tail'] = tail_of(text, step.tail)
            raise
        except Exception as error:  # whatever `read` stumbles over
            record['tail'] = tail_of(text, step.tail)
            reason = next((words for words in step.skipped_by if words in text), None)
            return ('skipped', reason) if reason else ('failed', problem_of(error))
        return 'passed', None

    def _execute(self, step, record, limit, output):
        """How it ended, if not well."""
        self.clocks.mark()
        begin = time.monotonic()
        exit_code, gone = gpu_process.execute(step.command, limit, output)
        record.update(seconds=round(time.monotonic() - begin, 3), exit_code=exit_code, card=self.clocks.since_mark())
        ending = f'stopped after {limit:.0f} s' if exit_code is None else f'exit code {exit_code}' if exit_code else ''
        return ending if gone else f'{ending}; its process cannot be ended'

    def _end(self, record, result, note=None):
        record['result'] = result
        if note:
            record['note'] = note
        self.steps.append(record)
        self.save(self.steps)  # before anything is said, which may fail
        say(f"{result:8}{record.get('seconds', 0):7.1f} s  {record['name']}" + (f': {note}' if note else ''))
        return record


def tail_of(text, lines):
    return [line[:TAIL_COLUMNS] for line in text.split('\n')[-lines:]]


def problem_of(error):
    return str(error) if isinstance(error, ValueError) and str(error) else f'{type(error).__name__}: {error}'
