"""A sweep: the folder that a search for good values writes."""
from functools import cached_property
from typing import Any

from ppo_train._files import Table, read_json, read_table, read_toml, reading, require
from ppo_train._folder import Folder, frame_of

_NOT_ENDED = "the sweep has not ended; ppo_train.resume goes on with it"


class Sweep(Folder):
    """The folder of a sweep, finished or not: its trials, their ranking, the winner.

    sweep = ppo_train.Sweep("sweeps/a")
    """

    _CONFIG = "sweep.toml"
    _KIND = "sweep"

    @cached_property
    def summary(self) -> dict[str, Any]:
        """sweep.json: the plan, the ranking and the control."""
        return read_json(require(self.folder / "sweep.json", _NOT_ENDED))

    @cached_property
    def trials(self) -> Table:
        """trials.csv by column, [trials]: values, rung, steps, score, the metric of each seed, state, cut_at [steps]."""
        return read_table(require(self.folder / "trials.csv", _NOT_ENDED))

    @cached_property
    def confirmed(self) -> Table:
        """confirmed.csv by column, best first: the trials that were trained again with fresh seeds."""
        return read_table(require(self.folder / "confirmed.csv", _NOT_ENDED))

    @cached_property
    def curves(self) -> Table:
        """curves.csv by column: every evaluation of every agent."""
        return read_table(require(self.folder / "curves.csv", _NOT_ENDED))

    @cached_property
    def best(self) -> dict[str, Any]:
        """The winner's config, which ppo_train.train takes as it is."""
        return read_toml(require(self.folder / "best.toml", _NOT_ENDED))

    def trials_frame(self) -> Any:
        """trials as a DataFrame of pandas, which must be installed."""
        return frame_of(self.trials)

    def _figures(self) -> dict[str, str]:
        if not (self.folder / "best.toml").is_file():
            return {"ended": "no"}
        with reading(self.folder / "sweep.json"):
            winner = self.summary["ranking"][0]
            values = {key: str(value) for key, value in winner["values"].items()}
            return {"best": f"trial {winner['trial']} of {self.summary['trials']}", **values}
