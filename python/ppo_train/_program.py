"""The program: where it is, and running it to its end."""
import os
import signal
import sys
import sysconfig
from collections.abc import Callable, Iterator
from pathlib import Path

from ppo_train._errors import Error, error_of

_NAME = "ppo_train"
_PREFIX = f"{_NAME}: "  # of errors and notes


def binary() -> str:
    """The program's path: PPO_TRAIN_BINARY, else the one that was installed with this module, else the one on PATH."""
    chosen = os.environ.get("PPO_TRAIN_BINARY")
    if chosen:
        if not _is_program(Path(chosen)):
            raise Error(f"PPO_TRAIN_BINARY is '{chosen}', which is no program; write the path of ppo_train, or unset it")
        return os.path.abspath(chosen)
    for folder in _script_folders():
        if _is_program(folder / _NAME):
            return str(folder / _NAME)
    import shutil

    found = shutil.which(_NAME)
    if found is None:
        raise Error("there is no program ppo_train, neither beside this Python nor on PATH; install the wheel of ppo_train, "
                    "or build the program and set PPO_TRAIN_BINARY to its path")
    return found


def _is_program(path: Path) -> bool:
    return path.is_file() and os.access(path, os.X_OK)


def _script_folders() -> Iterator[Path]:
    yield Path(sysconfig.get_path("scripts"))
    yield Path(sysconfig.get_path("scripts", sysconfig.get_preferred_scheme("user")))
    packages = Path(__file__).resolve().parents[1]
    yield packages / "bin"  # pip install --target
    yield packages.parents[2] / "bin"  # pip install --prefix


def silent(line: str) -> None:
    """Tells nobody."""


def aloud(line: str) -> None:
    """Tells whoever reads sys.stdout, which in a notebook is the cell."""
    print(line, flush=True)


class _Output:
    """Takes lines of the program: passes them on, keeps them, and holds the error back for the exception."""

    def __init__(self, tell: Callable[[str], None]) -> None:
        self.tell = tell
        self.lines: list[str] = []
        self.error: str | None = None

    def add(self, line: str) -> None:
        line = line.rstrip("\n")
        if line.startswith(_PREFIX) and not line.startswith(_PREFIX + "note: "):
            self.error = line.removeprefix(_PREFIX)
            return
        self.lines.append(line)
        self.tell(line)


def run_program(arguments: list[str], tell: Callable[[str], None] = silent) -> list[str]:
    """Runs the program to its end; returns the lines it has printed, each of which `tell` gets as it comes.

    Raises the Error of its exit code. Ctrl-C, and whatever else interrupts the reading, first lets the program save.
    """
    import subprocess

    # In our process group, so that Ctrl-C, a closed terminal or `timeout` reach the program even where Python does not see
    # them: in a thread, in asyncio. It takes signals within half a second for one, so that ours may follow the terminal's.
    process = subprocess.Popen([binary(), *arguments], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                               stderr=subprocess.STDOUT, encoding="utf-8", errors="replace")
    output = _Output(tell)
    interruption: BaseException | None = None
    assert process.stdout is not None
    with process.stdout:
        while process.returncode is None:
            try:
                for line in process.stdout:
                    output.add(line)
                process.wait()
            except BaseException as reason:
                process.send_signal(signal.SIGINT)
                interruption = interruption or reason
                if not isinstance(reason, KeyboardInterrupt):
                    output.tell = silent  # which may be what has raised it
    if interruption is not None:
        if output.error is not None:
            print(_PREFIX + output.error, file=sys.stderr)
        raise interruption
    if process.returncode != 0:
        raise error_of(process.returncode, output.error)
    return output.lines


def said(lines: list[str], label: str) -> str | None:
    """What stands behind the label of a summary's line, as in "saved    runs/a"; None if there is no such line."""
    return next((line[len(label):].strip() for line in reversed(lines) if line.startswith(label + " ")), None)
