"""What the folders of runs and of sweeps have in common."""
import os
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

from ppo_train._errors import ConfigError
from ppo_train._files import Table, read_toml
from ppo_train._flags import flags_of
from ppo_train._program import run_program, said
from ppo_train._shown import ShownFile

StrPath = str | os.PathLike[str]
FolderType = TypeVar("FolderType", bound="Folder")


class Folder(os.PathLike[str]):
    """A folder that the program has written, and reads again: it may stand wherever a path may.

    Files are read when first asked for, and then kept. Open the folder anew to see what has been added.
    """

    _CONFIG = ""  # the file that makes it such a folder
    _KIND = ""

    def __init__(self, folder: StrPath) -> None:
        self.folder = Path(folder)
        if not (self.folder / self._CONFIG).is_file():
            raise ConfigError(f"'{self.folder}' is not the folder of a {self._KIND}: there is no {self._CONFIG} in it")

    def __fspath__(self) -> str:
        return os.fspath(self.folder)

    @cached_property
    def config(self) -> dict[str, Any]:
        """The resolved config, by key."""
        return read_toml(self.folder / self._CONFIG)

    def report(self, **flags: Any) -> ShownFile:
        """Writes the HTML report, by default report.html in the folder, as `ppo_train report` does with these flags."""
        lines = run_program(["report", os.fspath(self), *flags_of(flags)])
        return ShownFile(self._written(lines, flags.get("out")))

    def _written(self, lines: list[str], file: StrPath | None) -> Path:
        """The file that a verb has written: the named one, or one in this folder, behind whose name it may say more."""
        if file is not None:
            return Path(file)
        saved = said(lines, "saved") or ""
        name = saved.removeprefix(os.fspath(self)).lstrip("/")
        return self.folder / name.partition(" (")[0]


def frame_of(table: Table) -> Any:
    """A table as a DataFrame of pandas, which must be installed."""
    import pandas  # type: ignore[import-untyped]

    return pandas.DataFrame(table)
