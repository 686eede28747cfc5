"""What scripts/gpu_check says on its way, which is never worth what it has measured."""
import os
import sys


def say(text, stream=None):
    """Prints a line. A stream that takes no more, on a full disk or of a terminal that is gone, falls silent."""
    stream = stream or sys.stdout
    try:
        print(text, file=stream, flush=True)
    except OSError:
        # Or what is left in its buffer fails again when Python ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def complain(text):
    say(f'gpu_check: {text}', sys.stderr)
