"""What bench/sass_report.py finds in kernels whose faults are known, and what its replay makes of known latencies.

By hand: build/python/bin/python tests/python/sass_test.py [NVCC]
"""
import pathlib
import shutil
import sys
import tempfile
import unittest
from types import SimpleNamespace

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "bench"))

import gpu_model  # noqa: E402
from sass import faults  # noqa: E402
from sass.figures import Report  # noqa: E402
from sass.lanes import COMBINE, Lanes, wavefronts_of  # noqa: E402
from sass.listing import compile_source, find_nvdisasm, kernel  # noqa: E402
from sass.replay import CYCLES, Warp  # noqa: E402
from sass.sources import Sources  # noqa: E402

NVCC = sys.argv.pop(1) if len(sys.argv) > 1 else "nvcc"
QUAD, WORD = 16, 4  # [bytes] of a load

# A stage is where its file is: kernels/reduce.hpp.
STAGE = """
__device__ __forceinline__ long long wide_quotients(const long long* a, long long b) {
  long long sum = a[0] / b;
  sum += a[1] / b;
  return sum;
}

__device__ __forceinline__ int narrow_quotients(const int* a, int b, int n) {
  int sum = 0;
#pragma unroll 1
  for (int i = 0; i < n; ++i) sum += a[i] / (b + i);
  return sum;
}
"""

KERNELS = """
#include "kernels/reduce.hpp"

// May lie in each other's place, so that each load waits for the store before it.
extern "C" __global__ void serial(const float* from, float* to) {
#pragma unroll
  for (int i = 0; i < 16; ++i) to[i * 256 + threadIdx.x] = from[i * 256 + threadIdx.x];
}

extern "C" __global__ void together(const float* from, float* to) {
  float x[16];
#pragma unroll
  for (int i = 0; i < 16; ++i) x[i] = from[i * 256 + threadIdx.x];
#pragma unroll
  for (int i = 0; i < 16; ++i) to[i * 256 + threadIdx.x] = x[i];
}

// A pointer that comes from shared memory may lead anywhere.
extern "C" __global__ void generic(float* to) {
  __shared__ float* kept[2];
  if (threadIdx.x < 2) kept[threadIdx.x] = to + threadIdx.x;
  __syncthreads();
  kept[threadIdx.x / 32][threadIdx.x] = 1;
}

extern "C" __global__ void wide(const long long* a, long long b, long long* to) { *to = wide_quotients(a, b); }
extern "C" __global__ void narrow(const int* a, int b, int n, int* to) { *to = narrow_quotients(a, b, n); }
extern "C" __global__ void narrow_once(int a, int b, int* to) { *to = a / b; }

template <int count>
__device__ __forceinline__ void chain(const float* in, float* out) {
  float x = in[0];
  const float y = in[1];
#pragma unroll
  for (int i = 0; i < count; ++i) x = __fmaf_rn(x, y, y);
  out[0] = x;
}
extern "C" __global__ void chain_of_64(const float* in, float* out) { chain<64>(in, out); }
extern "C" __global__ void chain_of_128(const float* in, float* out) { chain<128>(in, out); }

extern "C" __global__ void pointers(const long long* at, long long* out) {
  long long next = 0;
#pragma unroll
  for (int i = 0; i < 5; ++i) next = at[next];
  *out = next;
}

// A column of a matrix of 32 columns, all of it in one bank; and a row.
extern "C" __global__ void column(const float* in, float* out) {
  __shared__ float matrix[32 * 32];
  matrix[threadIdx.x] = in[threadIdx.x];
  __syncthreads();
  out[threadIdx.x] = matrix[threadIdx.x % 32 * 32];
}
extern "C" __global__ void row(const float* in, float* out) {
  __shared__ float matrix[32 * 32];
  matrix[threadIdx.x] = in[threadIdx.x];
  __syncthreads();
  out[threadIdx.x] = matrix[threadIdx.x ^ 5];
}
"""


class SassTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.folder = pathlib.Path(folder.name)
        (cls.folder / "kernels").mkdir()
        (cls.folder / "kernels" / "reduce.hpp").write_text(STAGE)
        source = cls.folder / "kernels.cu"
        source.write_text(KERNELS)
        cls.sass = compile_source(source, SimpleNamespace(nvcc=NVCC, nvdisasm=find_nvdisasm()), 90)

    def code(self, name):
        code = kernel(self.sass, f".text.{name},") or kernel(self.sass, f".text.{name}")
        self.assertTrue(code, name)
        return code

    def complaints(self, name):
        return "\n".join(faults.complaints(Report(self.code(name), Sources(self.folder))))

    def replayed(self, name):
        """(cycles, round trips) of a kernel without branches."""
        warp = Warp(Lanes().wavefronts)
        for instruction in self.code(name):
            warp.issue(instruction)
            if instruction.name == "EXIT":
                break
        return warp.now, warp.trips

    def test_loads_that_wait_for_stores_are_named(self):
        self.assertRegex(self.complaints("serial"), r"^16 loads one after the other.*kernels\.cu:7")
        self.assertEqual(self.complaints("together"), "")

    def test_generic_accesses_are_named(self):
        self.assertRegex(self.complaints("generic"), r"^1 generic loads and stores.*kernels\.cu:23")

    def test_divisions_are_named_with_their_stage(self):
        self.assertRegex(self.complaints("wide"),
                         r"2 divisions of 64-bit integers in a stage, in 2 places.*reduce: kernels/reduce\.hpp:[34]")
        self.assertRegex(self.complaints("narrow"),
                         r"32-bit integers in a loop of a stage.*reduce: kernels/reduce\.hpp:11")
        self.assertEqual(self.complaints("narrow_once"), "")

    def test_a_dependent_fma_takes_four_cycles(self):
        # Jia et al. 2018, table 4.1: on Volta, and every architecture since.
        self.assertEqual(self.replayed("chain_of_128")[0] - self.replayed("chain_of_64")[0], 64 * 4)

    def test_pointers_are_followed_one_round_trip_after_the_other(self):
        cycles, trips = self.replayed("pointers")
        self.assertEqual(trips, 5)
        self.assertGreaterEqual(cycles, 5 * CYCLES["LDG"])
        self.assertLess(cycles, 5 * CYCLES["LDG"] + 200)

    def test_loads_that_are_underway_together_are_one_round_trip(self):
        self.assertEqual(self.replayed("together")[1], 1)
        self.assertEqual(self.replayed("serial")[1], 16)

    def loads_of(self, name):
        """Wavefronts of each load of shared memory."""
        lanes = Lanes()
        counted = [(instruction, lanes.wavefronts(instruction)) for instruction in self.code(name)]
        self.assertEqual(lanes.unknown, {})
        return [fronts for instruction, fronts in counted if instruction.name == "LDS"]

    def test_addresses_of_lanes_are_found_in_the_code(self):
        self.assertEqual(self.loads_of("column"), [32])
        self.assertEqual(self.loads_of("row"), [1])


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

    def test_a_shift_of_imad_names_the_power_of_two(self):
        # Exponents of floats are made with 0x800000, which is no number of bits.
        self.assertEqual(COMBINE["IMAD"]("IMAD.SHL.U32", 3, 0x10, 0), 48)
        self.assertEqual(COMBINE["IMAD"]("IMAD.SHL.U32", 127, 0x800000, 0), 127 << 23)

    def test_rows_that_overlap_in_banks_take_twice_as_long(self):
        self.assertEqual(self.of(QUAD, lambda lane: lane // 4 * self.PITCH + 4 * (lane % 4)), 8)  # store_tile
        self.assertEqual(self.of(QUAD, lambda lane: lane // 4 * 80 + 4 * (lane % 4)), 4)


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

    def test_knows_the_cards_by_their_drivers_names(self):
        for name, known in (("NVIDIA H100 80GB HBM3", True), ("NVIDIA H200", True), ("NVIDIA GeForce RTX 4090", True),
                            ("NVIDIA GeForce RTX 4090 D", False), ("Tesla T4", True)):
            self.assertEqual(gpu_model.card_named(name) is not None, known, name)

    def test_clusters_are_where_each_block_has_a_leaf(self):
        t4 = next(card for card in gpu_model.CARDS if card.name == "T4")
        self.assertNotEqual(gpu_model.one_agent(self.CARD), gpu_model.without_clusters(self.CARD))
        self.assertEqual(gpu_model.one_agent(self.CARD, 64), gpu_model.one_agent(self.CARD, 64, clusters=False))
        self.assertEqual(gpu_model.one_agent(t4), gpu_model.without_clusters(t4))

    def test_more_blocks_do_not_slow_an_agents_gradient_down(self):
        times = [gpu_model.one_agent(self.CARD, blocks)["gradient"] for blocks in (1, 2, 8, 32, 128)]
        self.assertEqual(times, sorted(times, reverse=True))


if __name__ == "__main__":
    for tool in (NVCC, find_nvdisasm()):
        if not shutil.which(tool):
            print(f"There is no {tool}")
            sys.exit(77)
    unittest.main()
