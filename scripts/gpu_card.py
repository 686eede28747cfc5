"""What the steps of scripts/gpu_check share: the card, the prepared folder, and where steps and texts are recorded."""
import dataclasses
import json
import os
import pathlib
import shutil
import sys
import tempfile

from gpu_recorder import Recorder, Step
from gpu_results import Results

TOOL_FOLDERS = ['/usr/local/cuda/bin', '/opt/cuda/bin']


@dataclasses.dataclass
class Card:
    device: str  # "cuda:0"
    pci: str  # where it is: "00000000:65:00.0"
    multiprocessors: int
    folder: pathlib.Path  # of the programs
    recorder: Recorder
    results: Results

    def train(self, flags):
        """The command; a config's name stands for the prepared folder's own file."""
        return [self.folder / 'ppo_train',
                *(str(self.folder / 'configs' / flag) if flag.endswith('.toml') else flag for flag in flags)]

    def bench(self, name, flags, limit_s, judge=None):
        """Runs ppo_bench; `judge` as of a Step. Returns the record of the step."""
        with tempfile.TemporaryDirectory() as temporary:
            file = pathlib.Path(temporary) / 'bench.json'
            command = [self.folder / 'ppo_bench', *flags, '--json', file]
            return self.recorder.run(Step(name, command, limit_s, lambda _: json.loads(file.read_text()), judge))

    def wall(self, name, flags, limit_s):
        """Times a run by the clock on the wall. Returns the record of the step."""
        timer = pathlib.Path(__file__).resolve().parent / 'gpu_wall.py'
        with tempfile.TemporaryDirectory() as temporary:
            out = pathlib.Path(temporary) / 'run'
            command = [sys.executable, '-B', timer, out, *self.train(flags), '--out', out, '--quiet']
            return self.recorder.run(Step(name, command, limit_s, lambda text: json.loads(text.split('\n')[-2])))


def tool(name):
    """The path of a program that may come with CUDA; None where there is none."""
    return shutil.which(name) or shutil.which(name, path=os.pathsep.join(TOOL_FOLDERS))
