"""Readers of what the program writes: CSV tables, TOML, JSON and safetensors."""
import os
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ppo_train._errors import ConfigError, Error

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


def read_table(file: Path) -> Table:
    """A CSV file as columns [rows]. An empty cell of a number is nan."""
    import csv

    with open(file, newline="", encoding="utf-8") as stream:
        names, *rows = csv.reader(stream)
    columns = zip(*rows, strict=True) if rows else [()] * len(names)
    try:
        return {name: _column(name, cells) for name, cells in zip(names, columns, strict=True)}
    except ValueError as reason:
        raise Error(f"{file} is damaged: {reason}") from reason


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

    with open(file, "rb") as stream:
        return tomllib.load(stream)


def read_json(file: Path) -> dict[str, Any]:
    """The object of a JSON file."""
    import json

    with open(file, encoding="utf-8") as stream:
        content: dict[str, Any] = json.load(stream)
        return content


def read_tensors(file: Path) -> tuple[Table, dict[str, str]]:
    """The tensors of a safetensors file by name, mapped rather than read; and its metadata."""
    import json

    try:
        content = np.memmap(file, dtype=np.uint8, mode="r")
        begin = 8 + int(content[:8].view("<u8")[0])
        header = json.loads(content[8:begin].tobytes())
        metadata: dict[str, str] = header.pop("__metadata__")
        tensors = {}
        for name, entry in header.items():
            first, last = entry["data_offsets"]
            tensors[name] = content[begin + first:begin + last].view(_KINDS[entry["dtype"]]).reshape(entry["shape"])
    except (ValueError, KeyError, IndexError, TypeError) as reason:
        raise Error(f"{os.fspath(file)} is damaged: {reason}") from reason
    return tensors, metadata
