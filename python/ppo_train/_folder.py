"""What the folders of runs and of sweeps have in common."""
import os
from abc import abstractmethod
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

from ppo_train._errors import ConfigError, Error
from ppo_train._files import StrPath, Table, read_toml
from ppo_train._flags import flags_of, path_text
from ppo_train._program import run_program, said
from ppo_train._shown import ShownFile

FolderType = TypeVar("FolderType", bound="Folder")


class Folder(os.PathLike[str]):
    """A folder that the program has written, and reads again: it may stand wherever a path may.

    Files are read when first asked for, and then kept. Open the folder anew to see what has been added.
    """

    _CONFIG = ""  # the file that makes it such a folder
    _KIND = ""

    def __init__(self, folder: StrPath) -> None:
        self.folder = Path(path_text("folder", folder))
        if not (self.folder / self._CONFIG).is_file():
            raise ConfigError(f"'{self.folder}' is not the folder of a {self._KIND}: there is no {self._CONFIG} in it")

    def __fspath__(self) -> str:
        return os.fspath(self.folder)

    @cached_property
    def config(self) -> dict[str, Any]:
        """The resolved config, by key."""
        return read_toml(self.folder / self._CONFIG)

    def report(self, out: StrPath | None = None, **flags: Any) -> ShownFile:
        """Writes the HTML report, by default report.html in the folder, as `ppo_train report` does with these flags."""
        return ShownFile(self._write("report", out, flags, as_flag="--out="))

    def _write(self, verb: str, file: StrPath | None, flags: dict[str, Any], as_flag: str = "") -> Path:
        """Runs a verb that writes a file: the named one, or one in this folder, behind whose name it may say more."""
        name = None if file is None else path_text("the file", file)
        lines = run_program([verb, os.fspath(self), *([] if name is None else [as_flag + name]), *flags_of(flags)])
        if name is not None:
            return Path(name)
        saved = said(lines, "saved") or ""
        return self.folder / saved.removeprefix(os.fspath(self)).lstrip("/").partition(" (")[0]

    @abstractmethod
    def _figures(self) -> dict[str, str]:
        """What one wants to know first."""

    def _shown(self) -> dict[str, str]:
        """The figures, or what is wrong with the folder: to be shown never fails."""
        try:
            return self._figures()
        except Error as error:
            return {"error": str(error)}

    def __repr__(self) -> str:
        figures = ", ".join(f"{name} {value}" for name, value in self._shown().items())
        return f"<ppo_train.{type(self).__name__} '{self.folder}': {figures}>"

    def _repr_html_(self) -> str:
        import html

        rows = {"folder": str(self.folder), **self._shown()}
        cells = "".join(f"<tr><th>{html.escape(name)}</th><td>{html.escape(value)}</td></tr>" for name, value in rows.items())
        return f"<table>{cells}</table>"


def frame_of(table: Table) -> Any:
    """A table as a DataFrame of pandas, which must be installed."""
    import pandas  # type: ignore[import-untyped]

    return pandas.DataFrame(table)
