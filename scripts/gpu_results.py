"""The files that scripts/gpu_check leaves: whole ones at any time, few and small."""
import json
import os
import sys

import gpu_report

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
            print(f'gpu_check: {self.problem}; going on', file=sys.stderr)

    def print(self, record):
        """All of it, where it has no other place."""
        print(summary_of(record))
        print(json.dumps(record))

    def add_text(self, ending, text):
        """Returns how many bytes there were, and the file's name. Raises OSError."""
        data = text.encode()
        note = b'' if len(data) <= MOST_TEXT else f'\n[cut: {len(data)} bytes]\n'.encode()
        write_whole(self.path(ending), data[:MOST_TEXT - len(note)] + note)
        return {'file': self.path(ending).name, 'bytes': len(data)}

    def _replace(self, ending, text):
        try:
            write_whole(self.path(ending), text.encode())
        except OSError as error:
            self.problem = self.problem or f'cannot write {self.path(ending)}: {error.strerror}'


def write_whole(path, data):
    """All of it, or the file stays as it was."""
    part = path.with_name(path.name + '.part')
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        part.write_bytes(data)
        os.replace(part, path)
    except OSError:
        part.unlink(missing_ok=True)
        raise


def summary_of(record):
    """A record of which no summary can be made is worth keeping all the same."""
    try:
        return gpu_report.markdown(record)
    except (ValueError, KeyError, IndexError, TypeError) as error:
        return f'# GPU check\n\nNo summary could be made, {error!r}: the figures are in the JSON file.\n'
