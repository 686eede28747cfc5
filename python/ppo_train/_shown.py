"""Files that a notebook shows."""
import os
from pathlib import Path

from ppo_train._files import reading

_MEDIA = {".gif": "image/gif", ".png": "image/png", ".svg": "image/svg+xml"}


class ShownFile(os.PathLike[str]):
    """A film, a picture or a report that the program has written. A notebook shows it inline; elsewhere it is a path.

    path: where it lies
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    def __fspath__(self) -> str:
        return os.fspath(self.path)

    def __repr__(self) -> str:
        return f"<ppo_train.ShownFile '{self.path}'>"

    def _repr_html_(self) -> str:
        if self.path.suffix in _MEDIA:
            import base64

            with reading(self.path):
                data = base64.b64encode(self.path.read_bytes()).decode()
            return f'<img src="data:{_MEDIA[self.path.suffix]};base64,{data}">'
        import html

        with reading(self.path):
            page = html.escape(self.path.read_text(encoding="utf-8"))
        return f'<iframe srcdoc="{page}" style="width: 100%; height: 800px; border: 0"></iframe>'
