"""Keywords as flags of the program, and dicts as TOML for it."""
import os
from collections.abc import Mapping
from typing import Any

from ppo_train._errors import ConfigError

# Flags that stand alone, or whose value may be left out: True writes them without one, and False means not given.
_SWITCHES = {"best", "greedy", "mpi", "no_mpi", "render", "render_training", "report", "svg", "tensorboard"}
# Flags that leave nothing to return, and what to write instead.
_NOT_HERE = {
    "help": "read docs/python.md, or run ppo_train --help in a shell",
    "no_out": "leave it out, and remove run.folder in the end",
    "print_config": "read run.config, or run ppo_train --print-config in a shell",
    "quiet": "write verbose=False",
}


def flags_of(keywords: Mapping[str, Any]) -> list[str]:
    """lr=1e-3, render=True -> ["--lr=0.001", "--render"]. None means that the flag was not given.

    Which flags there are, and which values they take, the program says.
    """
    flags = []
    for name, value in keywords.items():
        if name in _NOT_HERE:
            raise ConfigError(f"'{name}' is a flag for the shell; {_NOT_HERE[name]}")
        flag = "--" + name.replace("_", "-")
        if value is None or (name in _SWITCHES and value is False):
            continue
        flags.append(flag if name in _SWITCHES and value is True else f"{flag}={_text(value)}")
    return flags


def _text(value: Any) -> str:
    """A value as the program reads it: true, 0.001, inf, runs/a."""
    value = _plain(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, os.PathLike):
        return os.fsdecode(value)
    return str(value)


def _plain(value: Any) -> Any:
    """NumPy's scalars and arrays as Python's numbers and lists, whose text is the numbers alone."""
    return value.tolist() if hasattr(value, "tolist") else value


def path_text(name: str, value: Any) -> str:
    """The argument of that name, which must be a path."""
    try:
        return os.fsdecode(value)
    except TypeError:
        raise ConfigError(f"{name} is {value!r}; write a path") from None


def toml_of(table: Mapping[str, Any]) -> str:
    """A config as TOML: keys first, then the tables in it. A range, as in {"min": 1e-4, "max": 1e-2}, is an inline table."""
    lines: list[str] = []
    _write_table(lines, "", table)
    return "\n".join(lines) + "\n"


def _write_table(lines: list[str], path: str, table: Mapping[str, Any]) -> None:
    inner = {key: value for key, value in table.items() if isinstance(value, Mapping) and path != "sweep.space"}
    if path:
        lines.append(f"[{path}]")
    plain = {key: value for key, value in table.items() if key not in inner and value is not None}
    lines += [f"{_quoted_key(key)} = {_toml_value(value)}" for key, value in plain.items()]
    for key, value in inner.items():
        _write_table(lines, f"{path}.{_quoted_key(key)}" if path else _quoted_key(key), value)


def _quoted_key(key: Any) -> str:
    text = str(key)
    return text if text.isascii() and text.replace("_", "").isalnum() else _quoted(text)


def _quoted(text: str) -> str:
    import json

    return json.dumps(text, ensure_ascii=False)


def _toml_value(value: Any) -> str:
    value = _plain(value)
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{_quoted_key(key)} = {_toml_value(inner)}" for key, inner in value.items()) + " }"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(map(_toml_value, value)) + "]"
    if isinstance(value, (bool, int, float)):
        return _text(value)
    return _quoted(_text(value))
