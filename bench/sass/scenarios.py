"""What code cannot say of itself: how often its loops run, and which of its branches a run takes.

Both scenarios are CartPole's default config (64 environments, 128 steps, 4 minibatches of 2048 samples, H = 64): one
agent with 128 blocks, and a population with a block for each agent.
"""
from dataclasses import dataclass

NUM_ENVS, NUM_STEPS, STEPS_AT_ONCE, MINIBATCH, TILE, GROUP, SLICES = 64, 128, 32, 2048, 16, 8, 36
LEAVES = MINIBATCH // TILE
GROUPS = LEAVES // GROUP
ALL_WARPS = 8


@dataclass
class Scenario:
    """How one warp, the first of a block, goes through an update. A place is a function ("name", or "file.name" where
    two have it) or a text that its line holds."""
    name: str
    warps: dict   # {stage: warps of a block that do what this one does}, where they are not all of them
    trips: list   # [(function, text of the loop's line, how often it runs)]: the first that fits; other loops run once
    shares: list  # [(places, share of the times)]: branches that lead there, rarely or never (0)
    near: tuple   # places whose loads find their data in the multiprocessor's own cache

    def keys(self):
        """All functions and texts that it names."""
        return [*(function for function, _, _ in self.trips), *(text for _, text, _ in self.trips if text),
                *(key for keys, _ in self.shares for key in keys), *self.near]

    def trips_of(self, functions, text):
        """How often a loop runs whose line is `text`, in functions[0], which functions[1] calls."""
        return next((trips for function, part, trips in self.trips if function in functions[:2] and part in text), None)


# Clocks are read and traces taken on demand alone; norm_obs and norm_reward are off; the activation is tanh; an episode
# ends every 150 steps or so, and never by its time limit; nothing is faulty.
NEVER = ('lap', 'trace_hash', 'load_obs_norm', 'next_moments_by_warp', 'relu', 'fault_ = {1', 'fresh_slot',
         'record_final', 'add_episode', 'discount', 'add(moments()[i]', 'moments()[i] = {}', 'ended[k] != kRunning',
         'next_value = data_.final_value', 'next_value = Real(0);', 'next_advantage_ = Real(0);')
EVERY_EPOCH = (('begin_epoch',), 1 / 4)  # of minibatches

# An agent that has a block an environment or fewer: a tile each, and an environment each for 64 of them.
ONE_AGENT = Scenario(
    'one agent',
    {'rollout': 1, 'advantages': 1, 'notes': 1},
    [('copy_by_block', '', 1),
     ('rollout_by_warp', 't < hyper.num_steps', NUM_STEPS),
     ('values_of', 'o += 8', 1),
     ('values_of', 'first', 6),
     ('advantages_of_environment', 't -= kStepsAtOnce', NUM_STEPS // STEPS_AT_ONCE),
     ('advantages_of_environment', '--t', 0),
     ('over_steps', 't += kStepsAtOnce', NUM_STEPS // STEPS_AT_ONCE),
     ('over_steps', '++t', 0),
     ('operator', 'i < envs', 16),
     ('first_fault', 'i >= 0', 16),
     ('advantages_of_chunk', 'n < begin + envs', 16),
     ('merge_chunks', '', NUM_ENVS // 16 - 1),
     ('add_head', 's < rows', TILE),
     ('for_rows', 's < rows', TILE),
     ('total', 'first += kAtOnce', (GROUPS - 1) // 4),
     ('total', '++first', (GROUPS - 1) % 4),
     ('slice_square_by_warp', '', 8),
     ('adam_stage', 'i < kSlices', 1),
     ('global_norm', '', SLICES)],
    [((*NEVER, 'rollout_by_quartet', 'row[offset] + chain', 'thread < kLossTerms) agent.sums'), 0),
     (('action_noise',), 1 / 32),
     EVERY_EPOCH],
    ())

# Its sums of a group stay in the block's own cache, which no barrier of a team empties.
POPULATION = Scenario(
    'population',
    {'advantages': 4, 'notes': 1},
    [('rollout_by_quartet', 't < hyper.num_steps', NUM_STEPS),
     ('rollout_stage', 'first < end', NUM_ENVS // 32),
     ('values_of', 'first', (NUM_STEPS + 2) * NUM_ENVS // 32),
     ('gradient_stage', 'first < end', LEAVES),
     ('reduce_stage', 'slice < slices.end', SLICES),
     ('adam_stage', 'slice < slices.end', SLICES),
     *ONE_AGENT.trips],
    [((*NEVER, 'rollout_by_warp', 'split_group', 'leaf_plan.begin'), 0),
     (('action_noise',), 1 / 8),
     (('row[offset] + chain',), (GROUP - 1) / GROUP),
     EVERY_EPOCH],
    ('row[offset] + chain',))

SCENARIOS = (ONE_AGENT, POPULATION)
