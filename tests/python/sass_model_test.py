"""What bench/sass makes of addresses that are known, and bench/gpu_model.py of what a stage takes.

By hand: build/python/bin/python tests/python/sass_model_test.py
"""
import pathlib
import sys
import unittest
from types import SimpleNamespace
from unittest import mock

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "bench"))

import gpu_model  # noqa: E402
from sass.lanes import Lanes, wavefronts_of  # noqa: E402

QUAD, WORD = 16, 4  # [bytes] of a load


class LanesTest(unittest.TestCase):
    def test_a_shift_by_multiplication_names_the_factor(self):
        lanes = Lanes()
        for opcode, operands in ("S2R", "R0, SR_TID.X"), ("IMAD.SHL.U32", "R1, R0, 0x4, RZ"):
            lanes.follow(SimpleNamespace(name=opcode.split(".")[0], opcode=opcode, operands=operands))
        self.assertEqual(lanes.registers["R1"], [4 * lane for lane in range(32)])


class WavefrontsTest(unittest.TestCase):
    """The rule of bench/sass/lanes.py on the address patterns of kernels/shared.hpp and kernels/leaf.hpp."""

    PITCH = 68  # floats between rows

    def of(self, size, word):
        return wavefronts_of([WORD * word(lane) for lane in range(32)], size)

    def test_words(self):
        self.assertEqual(self.of(WORD, lambda lane: lane), 1)
        self.assertEqual(self.of(WORD, lambda lane: 7), 1)
        self.assertEqual(self.of(WORD, lambda lane: 2 * lane), 2)
        self.assertEqual(self.of(WORD, lambda lane: 32 * lane), 32)

    def test_quads_that_neighbours_share_take_half(self):
        self.assertEqual(self.of(QUAD, lambda lane: 4 * lane), 4)
        self.assertEqual(self.of(QUAD, lambda lane: lane // 4 * self.PITCH), 2)  # inputs of a layer's tile
        self.assertEqual(self.of(QUAD, lambda lane: 4 * (lane % 4)), 4)          # weights of a layer's tile
        self.assertEqual(self.of(QUAD, lambda lane: 4 * (lane % 8)), 4)          # d2 of the weights' gradient

    def test_rows_that_overlap_in_banks_take_twice_as_long(self):
        self.assertEqual(self.of(QUAD, lambda lane: lane // 4 * self.PITCH + 4 * (lane % 4)), 8)  # store_tile
        self.assertEqual(self.of(QUAD, lambda lane: lane // 4 * 80 + 4 * (lane % 4)), 4)


@mock.patch.object(gpu_model, "HOP_BYTES_A_CYCLE", 16)
class ModelTest(unittest.TestCase):
    CARD = gpu_model.CARDS[0]

    def test_a_part_takes_as_long_as_what_takes_longest(self):
        part = {"cycles": 100, "issued": 40, "wavefronts": 10, "bytes": 640}
        self.assertEqual(self.CARD.cycles(part, 1), 100)
        self.assertEqual(self.CARD.cycles({**part, "issued": 400}, 8), 800)
        self.assertEqual(self.CARD.cycles({**part, "wavefronts": 50}, 8), 400)
        self.assertEqual(self.CARD.cycles({**part, "bytes": 6400}, 8), 800)
        self.assertEqual(self.CARD.cycles({**part, "hops": 1600}, 8), 800)

    def test_what_is_pushed_flows_behind_what_follows(self):
        for pushes, left in (({}, 0), ({1: 400}, 0), ({1: 500}, 50), ({1: 400, 2: 400}, 200), ({0: 100, 2: 300}, 50)):
            parts = {part: {"pushes": pushes[part]} if part in pushes else {} for part in range(3)}
            parts[3] = {"meetings": 1}
            self.assertEqual(gpu_model.pushes_left(parts, dict.fromkeys(parts, 100), 8), left)

    def test_clusters_are_where_each_block_has_a_leaf(self):
        t4 = next(card for card in gpu_model.CARDS if card.name == "T4")
        self.assertNotEqual(gpu_model.one_agent(self.CARD), gpu_model.without_clusters(self.CARD))
        self.assertEqual(gpu_model.one_agent(self.CARD, 64), gpu_model.one_agent(self.CARD, 64, clusters=False))
        self.assertEqual(gpu_model.one_agent(t4), gpu_model.without_clusters(t4))

    def test_knows_the_cards_by_their_drivers_names(self):
        for name, known in (("NVIDIA H100 80GB HBM3", True), ("NVIDIA H200", True), ("NVIDIA GeForce RTX 4090", True),
                            ("NVIDIA GeForce RTX 4090 D", False), ("Tesla T4", True)):
            self.assertEqual(gpu_model.card_named(name) is not None, known, name)

    def test_more_blocks_do_not_slow_an_agents_gradient_down(self):
        times = [gpu_model.one_agent(self.CARD, blocks)["gradient"] for blocks in (1, 2, 8, 32, 128)]
        self.assertEqual(times, sorted(times, reverse=True))


if __name__ == "__main__":
    unittest.main()
