"""Programs that scripts/gpu_check runs: each has a process group of its own, all of which ends with it and with us."""
import ctypes
import json
import os
import re
import signal
import subprocess

PATIENCE_S = 5  # for a killed process to go; one that hangs in the driver cannot
MOST_OUTPUT = 64 << 20  # [bytes] that are read of an output: its end
STOPPING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
LIBC = ctypes.CDLL(None)
PR_SET_PDEATHSIG = 1


class Stopped(BaseException):
    """A signal asks this program to end."""

    def __init__(self, number):
        super().__init__(f'stopped by {signal.Signals(number).name}')
        self.exit_code = 128 + number


def stop_on_signals():
    """From now on they raise Stopped: the first of them, so that none disturbs what is done because of it. Those that
    whoever started us lets us ignore, as nohup does, stay ignored."""
    def stop(number, _):
        for each in STOPPING:
            signal.signal(each, signal.SIG_IGN)
        raise Stopped(number)
    for each in STOPPING:
        if signal.getsignal(each) != signal.SIG_IGN:
            signal.signal(each, stop)


def die_with_parent():
    """In a child: even SIGKILL of this program, which it cannot answer, leaves nothing on the card."""
    LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def start(command, output):
    """Both of its streams go to the file. Raises OSError."""
    return subprocess.Popen([str(word) for word in command], stdin=subprocess.DEVNULL, stdout=output,
                            stderr=subprocess.STDOUT, start_new_session=True, preexec_fn=die_with_parent)


def end_group(process):
    """Kills it and all that it has started. False where it is still there after that."""
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        pass  # all of them have ended
    try:
        process.wait(PATIENCE_S)
        return True
    except subprocess.TimeoutExpired:
        return False


def execute(command, limit_s, output):
    """(exit code, whether it is gone); the code is None where the limit ended it, 127 where it cannot be started."""
    try:
        process = start(command, output)
    except OSError as error:
        output.write(str(error).encode())
        return 127, True
    code, gone = None, False
    try:
        code = process.wait(limit_s)
    except subprocess.TimeoutExpired:
        pass  # said by the code
    finally:
        gone = end_group(process)
    return code, gone


def json_in(text):
    """The JSON object that begins a line; there may be warnings around it. Raises ValueError where there is none."""
    begin = re.search(r'^{', text, re.MULTILINE)
    if not begin:
        raise ValueError('printed no JSON')
    return json.JSONDecoder().raw_decode(text, begin.start())[0]


def text_of(output):
    """What was written to the file, but for the beginning of a long one."""
    output.seek(max(0, output.seek(0, os.SEEK_END) - MOST_OUTPUT))
    return output.read().decode(errors='replace')
