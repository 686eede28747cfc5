"""The files that scripts/gpu_check leaves: whole ones at any time, few and small."""
import contextlib
import itertools
import json
import os

import gpu_report
import gpu_text
from gpu_say import complain, say

MOST_TEXT = 1 << 20  # [bytes] of a text of another program


class Results:
    """Files `folder`/`name`.*: the record, its summary, and texts. What cannot be written is tried again with the
    next record."""

    def __init__(self, folder, name):
        self.base = folder / name
        self.problem = None  # of the latest record

    def path(self, ending):
        return self.base.with_name(self.base.name + ending)

    def write(self, record):
        self.problem = None
        self._replace('.json', json.dumps(record, indent=1) + '\n')
        self._replace('.md', summary_of(record))

    def write_or_say(self, record):
        before = self.problem
        self.write(record)
        if self.problem and self.problem != before:
            complain(f'{self.problem}; going on')

    def print(self, record):
        """All of it, where it has no other place."""
        say(summary_of(record))
        say(json.dumps(record))

    def add_text(self, ending, text):
        """Returns how many bytes there were, and the file's name. Raises OSError."""
        data = text.encode(errors='replace')
        write_whole(self.path(ending), data if len(data) <= MOST_TEXT else gpu_text.cut(text, MOST_TEXT).encode())
        return {'file': self.path(ending).name, 'bytes': len(data)}

    def _replace(self, ending, text):
        try:
            write_whole(self.path(ending), text.encode(errors='replace'))
        except OSError as error:
            self.problem = self.problem or f'cannot write {self.path(ending)}: {error.strerror}'


def unused(folder, name):
    """The name, with a number before it where an earlier run has it: what was measured is never replaced."""
    numbered = (f'{number}-{name}' for number in itertools.count(2))
    return next(free for free in itertools.chain([name], numbered) if not (folder / f'{free}.json').exists())


def write_whole(path, data):
    """All of it, or the file stays as it was."""
    part = path.with_name(path.name + '.part')
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        part.write_bytes(data)
        os.replace(part, path)
    except BaseException:  # a signal, too
        with contextlib.suppress(OSError):
            part.unlink()
        raise


def summary_of(record):
    """A record of which no summary can be made is worth keeping all the same."""
    try:
        return gpu_report.markdown(record)
    except Exception as error:  # figures that programs write may be of any form
        return f'# GPU check\n\nNo summary could be made, {error!r}: the figures are in the JSON file.\n'
