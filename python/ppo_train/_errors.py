"""What goes wrong, as exceptions: one for each exit code of the program."""
import signal


class Error(Exception):
    """The program, or a folder that it has written, cannot be used as asked. The text is the program's one line.

    exit_code is that of the program; None if the program did not come to run.
    """

    exit_code: int | None

    def __init__(self, message: str, exit_code: int | None = None) -> None:
        super().__init__(message)
        self.exit_code = exit_code


class ConfigError(Error, ValueError):
    """Wrong input: an unknown key, a value out of range, a folder that exists already or not at all."""


class RunFailed(Error):
    """It failed while running: no room on the disk, no memory, a fault of the device."""


class NoDevice(Error):
    """The device that was asked for is not there."""


class Diverged(Error):
    """Training diverged: numbers were no longer finite. The message names the last good checkpoint."""


class Stopped(Error):
    """SIGINT, SIGTERM or SIGHUP has stopped the program, not this Python. `resume` goes on from what it has saved."""


STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
_KINDS: dict[int, type[Error]] = {2: ConfigError, 3: NoDevice, 4: Diverged}


def error_of(exit_code: int, line: str | None, way_on: str | None = None) -> Error:
    """What to raise for an exit code that is not 0.

    exit_code is as subprocess has it: -N if signal N has killed the program. `line` is the program's, if it said anything;
    `way_on` the command that goes on with what it has saved.
    """
    number = -exit_code if exit_code < 0 else exit_code - 128
    if number in STOP_SIGNALS:
        stopped = line or f"stopped by {signal.Signals(number).name}"
        return Stopped(f"{stopped}; go on with {way_on}" if way_on else stopped, 128 + number)
    if exit_code < 0:
        return RunFailed(line or f"the program was ended by signal {number} ({signal.strsignal(number)})", 128 + number)
    return _KINDS.get(exit_code, RunFailed)(line or f"the program ended with exit code {exit_code}", exit_code)
