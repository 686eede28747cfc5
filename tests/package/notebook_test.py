"""The quickstart notebook, and Ctrl-C in a notebook's kernel."""
import asyncio
import re
import threading
import time
import unittest

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError
from nbformat.v4 import new_code_cell, new_notebook

import ppo_train
from common import ROOT
from package import PackageTest, content, printed

NOTEBOOK = ROOT / "examples/quickstart.ipynb"
LONG = {"env": "cartpole", "num_envs": 16, "total_timesteps": 245_760, "log_every": 1, "max_episode_steps": 500}


class NotebookTest(PackageTest):
    def client(self, notebook):
        resources = {"metadata": {"path": str(self.folder)}}
        return NotebookClient(notebook, timeout=120, resources=resources, coalesce_streams=True)

    def test_the_quickstart_runs(self):
        notebook = nbformat.read(NOTEBOOK, as_version=4)
        committed = [outputs(cell) for cell in notebook.cells if cell.cell_type == "code"]
        self.client(notebook).execute()
        cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
        self.assertEqual([cell.execution_count for cell in cells], list(range(1, len(cells) + 1)))
        for cell, before in zip(cells, committed, strict=True):
            self.assertEqual(outputs(cell), before)  # what it computes is the same everywhere
        self.assertIn("evaluate(policy, env, episodes=100, seed=0)", cells[4].source)
        self.assertIn("return 500.00 ± 0.00 over 100 episodes", outputs(cells[4]))

    def test_the_committed_one_has_been_run_and_names_no_folder_of_the_machine(self):
        notebook = nbformat.read(NOTEBOOK, as_version=4)
        nbformat.validate(notebook)
        for cell in notebook.cells:
            if cell.cell_type == "code":
                self.assertTrue(cell.execution_count and cell.outputs, cell.source)
                self.assertFalse([output for output in cell.outputs if output.output_type == "error"])
        self.assertIsNone(re.search(r"/(home|root|tmp|work|Users)/", NOTEBOOK.read_text()))
        self.assertLess(NOTEBOOK.stat().st_size, 400_000)

    def test_the_stop_button_saves_once(self):
        cell = new_code_cell(f"import ppo_train\nppo_train.train({LONG}, out='run')")
        client = self.client(new_notebook(cells=[cell]))
        stopper = threading.Thread(target=interrupt_after_first_updates, args=(client, self.folder / "run"))
        stopper.start()
        with self.assertRaisesRegex(CellExecutionError, "KeyboardInterrupt"):
            client.execute()
        stopper.join()
        text = "".join(output.text for output in cell.outputs if output.output_type == "stream")
        self.assertEqual(re.findall("^(?:saved|resume) .*", text, flags=re.M), ["saved    run", "resume   ppo_train resume run"])
        self.assertIn("stopped by SIGINT", text)
        self.assertEqual(len(list((self.folder / "run/checkpoints").iterdir())), 2)
        resumed, _ = printed(ppo_train.resume, "run")
        straight, _ = printed(ppo_train.train, LONG, out="straight")
        names = ("metrics.csv", "policy.safetensors")
        self.assertEqual(content(resumed, names), content(straight, names))


def interrupt_after_first_updates(client, run):
    """Presses the stop button."""
    metrics = run / "metrics.csv"
    while not metrics.exists() or metrics.read_bytes().count(b"\n") < 3:
        time.sleep(0.005)
    asyncio.run(client.km.interrupt_kernel())


def outputs(cell):
    """What a cell shows as text, without what depends on the machine: rates, instruction sets, dates."""
    text = "".join(output.get("text", "") or output["data"]["text/plain"] for output in cell.outputs)
    text = re.sub(r"-\d{8}-\d{6}", "-DATE", re.sub(r"on cpu \(.*?\)", "on cpu", text))
    return re.sub(r"SPS [\d,]+|in [\d.]+ s, [\d,]+ steps/s", "RATE", text)


if __name__ == "__main__":
    unittest.main()
