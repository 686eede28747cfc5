"""One run of one contender: a process from start to exit, and what was measured of it."""
import contextlib
import dataclasses
import os
import pathlib
import re
import select
import subprocess
import tempfile
import time

SETTINGS = ("all cores", "1 core")
ONE_THREAD = {"OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1", "XLA_FLAGS": "--xla_cpu_multi_thread_eigen=false"}
RUN_LIMIT_S = 300  # the slowest needs 30 s; a process that hangs should not take the run with it


class Failed(Exception):
    """A contender's run ended without a result; the message is one line."""


@dataclasses.dataclass
class Finished:
    """What a contender reads its result from."""
    output: str  # on stdout
    scratch: pathlib.Path  # the folder it was given
    begin: float  # CLOCK_MONOTONIC at its start [s]
    wall_s: float  # from start to exit


@contextlib.contextmanager
def on_cores(cores):
    """Processes started inside may use these cores only."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, cores)
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


def start(command, setting, output, errors):
    env = {key: value for key, value in os.environ.items() if key not in ONE_THREAD}
    env |= {"JAX_PLATFORMS": "cpu", "CUDA_VISIBLE_DEVICES": ""}
    cores = os.sched_getaffinity(0)
    if setting == "1 core":
        env |= ONE_THREAD
        cores = {max(cores)}
    with on_cores(cores):
        return subprocess.Popen(command, env=env, stdin=subprocess.DEVNULL, stdout=output, stderr=errors)


def peak_rss_mib(pid):
    """The high-water mark of resident memory so far.

    Not rusage's ru_maxrss: a process inherits that of its parent, here a Python larger than ppo_train.
    """
    try:
        found = re.search(r"VmHWM:\s+(\d+) kB", pathlib.Path(f"/proc/{pid}/status").read_text())
    except OSError:
        return 0.0
    return int(found[1]) / 1024 if found else 0.0  # a process at its very end has no memory any more


def watch(process, begin):
    """Waits for the process; returns its wall seconds and peak memory."""
    peak = 0.0
    exited = os.pidfd_open(process.pid)
    try:
        while not select.select([exited], [], [], 0.01)[0]:
            peak = max(peak, peak_rss_mib(process.pid))
            if time.perf_counter() - begin > RUN_LIMIT_S:
                raise Failed(f"still running after {RUN_LIMIT_S} s")
        return {"wall_s": time.perf_counter() - begin, "peak_rss_mib": peak}
    finally:
        os.close(exited)
        process.kill()  # does nothing to a process that has ended
        process.wait()


def last_line(file):
    file.seek(0)
    lines = file.read().decode(errors="replace").strip().splitlines()
    return lines[-1].strip() if lines else "nothing on stderr"


def run(contender, config, setting):
    """One process from start to exit; returns what was measured."""
    with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryFile() as output, \
            tempfile.TemporaryFile() as errors:
        scratch = pathlib.Path(folder)
        try:
            command = contender.command(config, scratch)
            begin = time.perf_counter()  # CLOCK_MONOTONIC
            process = start(command, setting, output, errors)
            measured = watch(process, begin)
            if process.returncode != 0:
                raise Failed(f"exit code {process.returncode}: {last_line(errors)}")
            output.seek(0)
            return measured | contender.read(
                Finished(output.read().decode(), scratch, begin, measured["wall_s"]))
        except (OSError, LookupError, TypeError, ValueError) as error:
            raise Failed(f"{type(error).__name__}: {error}") from error
