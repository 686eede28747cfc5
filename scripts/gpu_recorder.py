"""Steps of scripts/gpu_check: each is a command with a time limit, and whatever becomes of it is recorded."""
import os
import signal
import subprocess
import time

TAIL_LINES = 25


class Recorder:
    """Runs steps until the budget is spent; a step that goes wrong does not keep the next from running."""

    def __init__(self, budget_s):
        self.start = time.monotonic()
        self.budget_s = budget_s
        self.steps = []

    def left(self):
        return self.budget_s - (time.monotonic() - self.start)

    def run(self, name, command, limit_s, read=None):
        """Runs the command; `read(output)` returns its figures and raises ValueError where they are wrong. Returns
        the step."""
        step = {'name': name, 'command': [str(word) for word in command]}
        limit = min(limit_s, self.left())
        if limit < 1:
            return self._end(step, 'skipped', note='no time left')
        begin = time.monotonic()
        output, exit_code = execute(step['command'], limit)
        step['seconds'] = round(time.monotonic() - begin, 3)
        step['exit_code'] = exit_code
        if exit_code is None:
            return self._end(step, 'failed', output, f'stopped after {limit:.0f} s')
        try:
            if exit_code != 0:
                raise ValueError(f'exit code {exit_code}')
            if read:
                step['figures'] = read(output)
            return self._end(step, 'passed')
        except (ValueError, KeyError, IndexError, TypeError, OSError) as error:
            return self._end(step, 'failed', output, f'{error}' or type(error).__name__)

    def skip(self, name, note):
        return self._end({'name': name}, 'skipped', note=note)

    def failed(self):
        return [step for step in self.steps if step['result'] == 'failed']

    def _end(self, step, result, output='', note=None):
        step['result'] = result
        if note:
            step['note'] = note
        if result == 'failed':
            step['tail'] = output.split('\n')[-TAIL_LINES:]
        self.steps.append(step)
        print(f"{result:8}{step.get('seconds', 0):7.1f} s  {step['name']}" + (f': {note}' if note else ''), flush=True)
        return step


def execute(command, limit_s):
    """(output of both streams, exit code); the code is None where the limit ended it, 127 where there is none such."""
    try:
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                                   text=True, errors='replace', start_new_session=True)
    except OSError as error:
        return str(error), 127
    try:
        return process.communicate(timeout=limit_s)[0], process.returncode
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        return process.communicate()[0], None
