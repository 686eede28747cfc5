"""What code cannot say of itself: how often its loops run, and which of its branches a run takes.

All scenarios are CartPole's default config (64 environments, 128 steps, 4 minibatches of 2048 samples, H = 64): one
agent with 128 blocks, the same in clusters of 8 blocks, and a population with a block for each agent.
"""
from dataclasses import dataclass

NUM_ENVS, NUM_STEPS, STEPS_AT_ONCE, STEPS_OF_SCAN = 64, 128, 32, 16
MINIBATCH, TILE, GROUP, SLICES = 2048, 16, 8, 36
LEAVES = MINIBATCH // TILE
GROUPS = LEAVES // GROUP
ALL_WARPS = 8


@dataclass
class Scenario:
    """How one warp, the first of a block, goes through an update. A place is a function ("name", or "file.name" where
    two have it) or a text that its line holds."""
    name: str
    warps: dict   # {stage, or "stage: part": warps of a block that do what this one does}, where they are not all of them
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
# ends every 150 steps or so, and never by its time limit; nothing is faulty; there are no other ranks.
NEVER = ('lap', 'trace_hash', 'exchange', 'total_of_whole', 'load_obs_norm', 'next_moments_by_warp', 'relu',
         'next_adam_step', 'note_fault', 'note_faulty', 'end_episode', 'fresh_slot', 'record_final', 'discount',
         'clamp((obs[i] - shift', 'add(moments()[i]', 'moments()[i] = {}', 'ended[k] != kRunning',
         'next_value = data_.final_value', 'next_value = Real(0);', 'next_advantage_ = Real(0);')
RECORDING = ('record', 'kept.record')  # of 32 steps at once
EVERY_EPOCH = (('begin_epoch',), 1 / 4)  # of minibatches

# What blocks of a cluster alone do, and what the others do in its place.
IN_CLUSTERS = ('take_agent', 'leave_agent', 'send_l2', 'send_small', 'add_up_group', 'reduce_in_cluster',
               'adam_in_cluster')
WITHOUT_CLUSTERS = ('end_leaf', 'reduce_stage', 'adam_stage')

# Loops that all run alike.
TRIPS = [('values_stage', 'pass < 2', 2),
         ('advantages_of_environment', 't -= kStepsOfScan', NUM_STEPS // STEPS_OF_SCAN),
         ('over_steps', 't += kStepsAtOnce', NUM_STEPS // STEPS_AT_ONCE),
         ('operator', 'i < envs', 16),
         ('operator', 'index >= size_', 1),
         ('first_fault', 'i >= 0', 16),
         ('sum_of_episodes', 'i < envs', 16),
         ('merge_chunks', '', NUM_ENVS // 16 - 1),
         ('Permutation', '++bits', 7),
         ('add_head', 's < rows', TILE),
         ('for_rows', 's < rows', TILE),
         ('global_norm', '', SLICES),
         ('advantages_of_environment', '--t', 0),
         ('over_steps', '++t', 0),
         ('advantages_stage', 'chunk < chunks.end', 1),
         ('gradient_stage', 'first < leaf_end', 1),
         ('load_trunks', '', 1)]

# An agent that has a block an environment or fewer: a tile each, an environment each for 64 of them, and a slice each
# for 36.
def one_agent(name, trips, never, warps=None):
    return Scenario(
        name,
        {'rollout': 1, 'advantages': 1, 'notes': 1, **(warps or {})},
        [('rollout_by_warp', 't < sizes.num_steps', NUM_STEPS),
         ('values_of', 'first', 3),
         ('gradient_stage', 'leaf < plan.leaves.end', 1),
         *trips,
         *TRIPS],
        [((*NEVER, *never, 'begin + warp < end', 'rollout_by_quartet', 'first + kTile, end', 'add_group',
           'mean_slices', 'Agent::P + thread', 'entries = '), 0),
         (('foresee_by_warp',), 0),
         (('action_noise',), 1 / 32),
         (RECORDING, 1 / 32),
         EVERY_EPOCH],
        ('merge_chunks',))  # where bring_chunks_near has been


ONE_AGENT = one_agent('one agent',
                      [('reduce_stage', '', 1),
                       ('total', 'group += kAtOnce', GROUPS // 8),
                       ('adam_stage', 'next < slices.end', 0)],
                      IN_CLUSTERS)

# Its blocks have five slices each, of 36 in a cluster.
CLUSTERED = one_agent('one agent, clusters',
                      [('OwnSums', 'group += kAtOnce', GROUPS // 16)],
                      WITHOUT_CLUSTERS,
                      {'gradient: add_up_group': (ALL_WARPS + 1) / 2,  # two rounds, of which one warp does the second
                       'reduce: reduce_in_cluster/OwnSums': (5 * ALL_WARPS + 1) / 6})  # one warp adds up the terms

# All groups end up in one row, which stays in the block's own cache: no barrier of a team empties it.
POPULATION = Scenario(
    'population',
    {'advantages': 4, 'notes': 1},
    [('rollout_by_quartet', 't < sizes.num_steps', NUM_STEPS),
     ('rollout_stage', 'first < end', NUM_ENVS // 32),
     ('rollout_by_quartet', 'i < count * O', 1),
     ('values_of', 'first', (NUM_STEPS + 2) * NUM_ENVS // 32 // 2),
     ('gradient_stage', 'leaf < plan.leaves.end', LEAVES),
     ('reduce_stage', 'first < plan.slices.end', -(-SLICES // ALL_WARPS)),
     ('adam_stage', 'next < slices.end', SLICES // 4 - 1),
     *TRIPS],
    [((*NEVER, *IN_CLUSTERS, 'foresee_by_warp', 'rollout_by_warp', 'total'), 0),
     (('action_noise',), 1 / 8),
     (('end_group',), 1 / GROUP),
     (('sample_ = minibatch', 'const int position'), 1 / 8),  # of tiles
     EVERY_EPOCH],
    ('add_group', 'mean_slices'))

SCENARIOS = (ONE_AGENT, CLUSTERED, POPULATION)
