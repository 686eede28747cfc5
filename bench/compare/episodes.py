"""When a task is solved, for the contenders in Python, as ppo_train has it."""
import collections
import statistics
import time

WINDOW = 100  # episodes
SOLVED_RETURN = 475.0
SOLVED_LIMIT = 500  # the time limit that belongs to it [steps]


class Episodes:
    """The mean return over the latest updates that together ended at least 100 episodes."""

    def __init__(self, max_episode_steps):
        self.can_be_solved = max_episode_steps == SOLVED_LIMIT
        self.updates = collections.deque()  # (episodes, sum of their returns)
        self.count = 0
        self.solved_at_step = self.solved_clock = None

    def add(self, episodes, return_sum, steps, clock=None):
        """One update, done now or at this clock, that brings the steps since the start to this number."""
        self.updates.append((episodes, return_sum))
        self.count += episodes
        while self.count - self.updates[0][0] >= WINDOW:
            self.count -= self.updates.popleft()[0]
        mean = self.mean()
        if self.can_be_solved and self.solved_at_step is None and mean is not None and mean >= SOLVED_RETURN:
            self.solved_at_step = int(steps)
            self.solved_clock = time.perf_counter() if clock is None else clock

    def mean(self):
        """None before the first 100 episodes."""
        return float(sum(part for _, part in self.updates)) / int(self.count) if self.count >= WINDOW else None


def result(agents):
    """For the script's JSON line: the median agent's mean return, and when the last agent had solved its task.

    The clock is CLOCK_MONOTONIC, the same for all processes.
    """
    means = [agent.mean() for agent in agents if agent.mean() is not None]
    solved = all(agent.solved_at_step is not None for agent in agents)
    return {"return_mean": statistics.median(means) if means else None,
            "solved_at_step": max(agent.solved_at_step for agent in agents) if solved else None,
            "solved_clock": max(agent.solved_clock for agent in agents) if solved else None}
