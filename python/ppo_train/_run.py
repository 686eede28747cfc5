"""A run: the folder that training writes."""
from functools import cached_property
from pathlib import Path
from typing import Any

from ppo_train._files import StrPath, Table, read_json, read_table, reading, require
from ppo_train._folder import Folder, frame_of
from ppo_train._policy import Policy, agent_number
from ppo_train._shown import ShownFile


class Run(Folder):
    """The folder of a run, finished or not: its config, its numbers, its agents.

    run = ppo_train.Run("runs/a")
    """

    _CONFIG = "config.toml"
    _KIND = "run"

    @cached_property
    def summary(self) -> dict[str, Any]:
        """run.json: what ran where, and the result; per agent under "agents". A run that was killed has none."""
        return read_json(require(self.folder / "run.json", "the run has not ended; ppo_train.resume goes on with it"))

    @cached_property
    def metrics(self) -> Table:
        """metrics.csv by column, [rows]: a row for each update and agent, with episodes, return_mean [environment's units], …

        Counts are int64, other numbers float64, and nan where there is no such number.
        """
        return read_table(self.folder / "metrics.csv")

    @cached_property
    def evals(self) -> Table:
        """evals.csv by column, [rows]: a row for each evaluation and agent."""
        return read_table(require(self.folder / "evals.csv", "the run has no evaluations; train with eval_every"))

    @cached_property
    def timing(self) -> Table:
        """timing.csv by column, [updates]: wall_s [s] since the start, steps_per_s [1/s]."""
        return read_table(self.folder / "timing.csv")

    def metrics_of(self, agent: int) -> Table:
        """The rows of metrics that are of this agent, counted from 0."""
        with reading(self.folder / self._CONFIG):
            count = self.config["num_seeds"]
        rows = self.metrics["agent"] == agent_number(agent, count, self.folder)
        return {name: column[rows] for name, column in self.metrics.items()}

    def metrics_frame(self) -> Any:
        """metrics as a DataFrame of pandas, which must be installed."""
        return frame_of(self.metrics)

    def policy(self, agent: int = 0, best: bool = False) -> Policy:
        """What an agent, counted from 0, has learned; with `best`, as it was at its best evaluation."""
        if best:
            file = require(self.folder / "best.safetensors", "only a run with evaluations has it; train with eval_every")
        else:
            file = require(self.folder / "policy.safetensors", "the run has not ended, or has diverged; "
                           "ppo_train.resume goes on with it")
        return Policy(file, agent)

    def render(self, file: StrPath | None = None, **flags: Any) -> ShownFile:
        """Films an agent as `ppo_train render` does with these flags, by default into film.gif in the folder."""
        return ShownFile(self._write("render", file, flags))

    def export(self, format: str = "onnx", file: StrPath | None = None, **flags: Any) -> Path:
        """Exports an agent as "onnx", "c" or "safetensors", by default into agent.onnx, … in the folder; returns the file."""
        return self._write("export", file, {"format": format, **flags})

    def _figures(self) -> dict[str, str]:
        with reading(self.folder / self._CONFIG):
            figures = {"env": str(self.config["env"])}
        if not (self.folder / "run.json").is_file():
            return {**figures, "ended": "no"}
        with reading(self.folder / "run.json"):
            return {**figures, **_result(self.summary)}


def _result(summary: dict[str, Any]) -> dict[str, str]:
    """How a run went, from run.json."""
    figures = {}
    agents = summary["agents"]
    if len(agents) > 1:
        figures["agents"] = str(len(agents))
    figures["steps"] = f"{summary['steps']:,}"
    returns = sorted(agent["return_100"] for agent in agents if agent["return_100"] is not None)
    if returns:
        span = "" if len(agents) == 1 else f" ({returns[0]:.2f} to {returns[-1]:.2f})"
        figures["return_100"] = f"{_median(returns):.2f}{span}"
    solved = [agent["solved_at_step"] for agent in agents if agent["solved_at_step"] is not None]
    if solved:
        figures["solved"] = f"at step {solved[0]:,}" if len(agents) == 1 else f"{len(solved)} of {len(agents)}"
    if summary["stopped_by"] is not None:
        figures["stopped_by"] = summary["stopped_by"]
    return figures


def _median(ordered: list[float]) -> float:
    middle = len(ordered) // 2
    return ordered[middle] if len(ordered) % 2 else (ordered[middle - 1] + ordered[middle]) / 2
