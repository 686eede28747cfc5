"""Training, sweeping and resuming by the program."""
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from ppo_train._errors import ConfigError, Error
from ppo_train._files import StrPath
from ppo_train._flags import flags_of, path_text, toml_of
from ppo_train._program import aloud, run_program, said, silent
from ppo_train._run import Run
from ppo_train._sweep import Sweep

Config = StrPath | Mapping[str, Any]


def train(config: Config | None = None, *, out: StrPath | None = None, verbose: bool | int = True, **keywords: Any) -> Run:
    """Trains agents to the end, and opens their folder.

    config: the name of a preset ("cartpole-v1") or of a TOML file, or a dict of keys; None starts from the defaults
    out: the folder to write, which must not exist; by default runs/<config>-s<seed>-<time>
    verbose: whether to print the program's progress lines
    keywords: keys of the config (seed=1, lr=1e-3, num_seeds=10) and flags of the program (report=True, render="film.gif");
        they override `config`

    Raises ConfigError, RunFailed, NoDevice or Diverged. Ctrl-C saves, then raises KeyboardInterrupt; `resume` goes on.
    """
    with _config_file(config, "config.toml") as file:
        arguments = ["train", *flags_of({"config": file, **keywords})]
        return Run(_run_into(arguments, out, verbose))


def sweep(config: Config, *, out: StrPath | None = None, verbose: bool | int = True, **keywords: Any) -> Sweep:
    """Finds good values for the keys of a config, as `ppo_train sweep` does, and opens the sweep's folder.

    config: the name of a preset ("sweep-cartpole") or of a TOML file, or a dict with its tables:
        {"env": "cartpole", "sweep": {"trials": 16, "space": {"lr": {"min": 1e-4, "max": 1e-2, "scale": "log"}}}}
    out: the folder to write, which must not exist; by default sweeps/<config>-s<seed>-<time>
    verbose, keywords, errors and Ctrl-C: as for `train`
    """
    with _config_file(config, "sweep.toml") as file:
        arguments = ["sweep", path_text("config", file), *flags_of(keywords)]
        return Sweep(_run_into(arguments, out, verbose))


def resume(folder: StrPath, *, verbose: bool | int = True, **keywords: Any) -> Run | Sweep:
    """Goes on with a run or sweep that was stopped or killed, or trains a run for longer (total_timesteps=N).

    folder: that of the run or sweep, or one of the run's checkpoints to go back to
    verbose, keywords, errors and Ctrl-C: as for `train`
    """
    path = Path(path_text("folder", folder))
    run_program(["resume", os.fspath(path), *flags_of(keywords)], aloud if verbose else silent)
    if path.is_file():
        path = path.parents[1]  # RUN/checkpoints/FILE
    return Sweep(path) if (path / "sweep.toml").is_file() else Run(path)


def _run_into(arguments: list[str], out: StrPath | None, verbose: bool | int) -> Path:
    """Runs the program; returns the folder that it has written."""
    named = None if out is None else path_text("out", out)
    lines = run_program([*arguments, *flags_of({"out": named})], aloud if verbose else silent)
    if named is not None:
        return Path(named)
    saved = said(lines, "saved")
    if saved is None:
        raise Error("the program has not said where it saved; name a folder with out")
    return Path(saved.partition("/best.toml (")[0])


@contextmanager
def _config_file(config: Config | None, name: str) -> Iterator[StrPath | None]:
    """The config as what --config takes. A dict is written to a temporary file, of which errors do not speak."""
    if not isinstance(config, Mapping):
        yield config
        return
    import re
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, name)
        try:
            file.write_text(toml_of(config), encoding="utf-8")
        except UnicodeEncodeError as reason:
            raise ConfigError(f"the dict holds {reason.object!a}, which is no Unicode text") from reason
        try:
            yield file
        except Error as error:
            error.args = (re.sub(rf"{re.escape(os.fspath(file))}(:\d+)*", "the dict", str(error)),)
            raise
