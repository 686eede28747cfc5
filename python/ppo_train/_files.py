"""Readers of what the program writes: CSV tables, TOML, JSON and safetensors."""
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ppo_train._errors import ConfigError, Error

StrPath = str | os.PathLike[str]
Table = dict[str, NDArray[Any]]

# Columns of whole numbers. Others are float64, or bool or text where their cells are.
_WHOLE = {"agent", "seed", "update", "steps", "episodes", "capped", "trial", "rung", "rank", "reached", "num_envs", "num_steps",
          "hidden_size", "num_minibatches", "update_epochs"}
_KINDS = {"F32": "<f4", "F64": "<f8", "I64": "<i8"}


def require(file: Path, otherwise: str) -> Path:
    """The file, or a ConfigError that says what to do without it."""
    if not file.is_file():
        raise ConfigError(f"there is no {file}; {otherwise}")
    return file


@contextmanager
def reading(file: StrPath) -> Iterator[None]:
    """Where a file is read and taken apart: what is wrong with it becomes an Error that names it."""
    try:
        yield
    except Error:
        raise
    except OSError as reason:
        raise ConfigError(f"{os.fspath(file)} cannot be read: {reason.strerror}") from reason
    except KeyError as reason:
        raise Error(f"{os.fspath(file)} is damaged: there is no {reason} in it") from reason
    except (ValueError, TypeError, IndexError, AttributeError, OverflowError, RecursionError) as reason:
        raise Error(f"{os.fspath(file)} is damaged: {reason}") from reason


def read_table(file: Path) -> Table:
    """A CSV file as columns [rows]. An empty cell of a number is nan."""
    import csv

    with reading(file), open(file, newline="", encoding="utf-8") as stream:
        try:
            names, *rows = csv.reader(stream)
        except csv.Error as reason:
            raise ValueError(reason) from reason
        columns = zip(*rows, strict=True) if rows else [()] * len(names)
        return {name: _column(name, cells) for name, cells in zip(names, columns, strict=True)}


def _column(name: str, cells: tuple[str, ...]) -> NDArray[Any]:
    if name in _WHOLE:
        return np.array(cells, dtype=str).astype(np.int64)
    if cells and set(cells) <= {"true", "false"}:
        return np.array([cell == "true" for cell in cells])
    try:
        return np.array([cell or "nan" for cell in cells], dtype=str).astype(np.float64)
    except ValueError:
        return np.array(cells, dtype=str)


def read_toml(file: Path) -> dict[str, Any]:
    """The tables of a TOML file."""
    import tomllib

    with reading(file), open(file, "rb") as stream:
        return tomllib.load(stream)


def read_json(file: Path) -> dict[str, Any]:
    """The object of a JSON file."""
    import json

    with reading(file), open(file, encoding="utf-8") as stream:
        content: dict[str, Any] = json.load(stream)
        return content


def read_policy(file: StrPath) -> tuple[Table, dict[str, str]]:
    """The tensors of a policy's safetensors file by name, mapped rather than read; and its metadata."""
    import json

    with reading(file):
        content = np.memmap(file, dtype=np.uint8, mode="r")
        begin = 8 + int(content[:8].view("<u8")[0])
        header = json.loads(content[8:begin].tobytes())
        metadata: dict[str, str] = header.pop("__metadata__", {})
        _require_policy(file, metadata.get("format"))
        tensors = {}
        for name, entry in header.items():
            first, last = entry["data_offsets"]
            tensors[name] = content[begin + first:begin + last].view(_KINDS[entry["dtype"]]).reshape(entry["shape"])
        return tensors, metadata


def _require_policy(file: StrPath, format: str | None) -> None:
    if format == "ppo_train checkpoint":
        raise ConfigError(f"{os.fspath(file)} is a checkpoint, not a policy; 'ppo_train export {os.fspath(file)} "
                          "policy.safetensors' in a shell writes its policy")
    if format != "ppo_train policy":
        raise ConfigError(f"{os.fspath(file)} is no policy of ppo_train; write a run's policy.safetensors or best.safetensors")
