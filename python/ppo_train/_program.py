"""The program: where it is, and running it to its end."""
from __future__ import annotations  # subprocess is first imported when the program runs

import os
import signal
import sys
import sysconfig
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from ppo_train._errors import ConfigError, Error, error_of

if TYPE_CHECKING:
    import subprocess

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

    def way_on(self) -> str | None:
        """The command that goes on with what was saved, as in "resume   ppo_train resume runs/a"."""
        command = f"{_NAME} resume "
        return next((command + line.partition(command)[2] for line in reversed(self.lines) if command in line), None)


def run_program(arguments: list[str], tell: Callable[[str], None] = silent) -> list[str]:
    """Runs the program to its end; returns the lines it has printed, each of which `tell` gets as it comes.

    Raises the Error of its exit code. Ctrl-C, and whatever else interrupts the reading, first lets the program save.
    """
    process = _started([binary(), *arguments])
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
        if output.tell is silent and (way_on := output.way_on()):
            print(f"{_PREFIX}stopped; go on with {way_on}", file=sys.stderr)
        raise interruption
    if process.returncode != 0:
        raise error_of(process.returncode, output.error, output.way_on())
    return output.lines


def _started(command: list[str]) -> subprocess.Popen[str]:
    """The program, running. It is in our process group, so that Ctrl-C, a closed terminal or `timeout` reach it even where
    Python does not see them: in a thread, in asyncio. It takes signals within half a second for one, so that ours may follow
    the terminal's.
    """
    import subprocess

    try:
        return subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                                encoding="utf-8", errors="replace")
    except OSError as reason:
        raise Error(f"{command[0]} cannot be run: {reason.strerror}") from reason
    except ValueError as reason:
        raise ConfigError(f"an argument cannot be handed to the program: {reason}") from reason


def said(lines: list[str], label: str) -> str | None:
    """What stands behind the label of a summary's line, as in "saved    runs/a"; None if there is no such line."""
    return next((line[len(label):].strip() for line in reversed(lines) if line.startswith(label + " ")), None)
