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

import sass_report  # noqa: E402
from sass import faults  # noqa: E402
from sass.figures import Report  # noqa: E402
from sass.lanes import Lanes  # noqa: E402
from sass.listing import compile_source, find_nvdisasm, kernel  # noqa: E402
from sass.replay import CYCLES, Warp  # noqa: E402
from sass.scenarios import Scenario  # noqa: E402
from sass.sources import Sources  # noqa: E402

NVCC = sys.argv.pop(1) if len(sys.argv) > 1 else "nvcc"

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

template <int work>
PPO_DEVICE void copy(const float* from, float* to) {
#pragma unroll 1
  for (int i = 0; i < 16; ++i) {
    float x = from[i * 256];
#pragma unroll
    for (int j = 0; j < work; ++j) x = __fmaf_rn(x, x, 1);
    to[i * 256] = x;
  }
}
"""
COPY = Scenario("copy", {}, [("copy", "i < 16", 16)], [], ())

KERNELS = """#define PPO_DEVICE __device__ __forceinline__
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

extern "C" __global__ void rolled(const float* from, float* to) { copy<0>(from, to); }
extern "C" __global__ void rolled_with_work(const float* from, float* to) { copy<300>(from, to); }
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

    def report(self, name, *scenarios):
        return Report(self.code(name), Sources(self.folder), *scenarios)

    def complaints(self, name, *scenarios):
        return "\n".join(faults.complaints(self.report(name, *scenarios)))

    def replayed(self, name):
        """(cycles, round trips) of a kernel without branches."""
        warp = Warp(Lanes().wavefronts)
        for instruction in self.code(name):
            warp.issue(instruction)
            if instruction.name == "EXIT":
                break
        return warp.now, warp.trips

    def test_loads_that_wait_for_stores_are_named(self):
        self.assertRegex(self.complaints("serial"), r"^at least 16 loads one after the other.*kernels\.cu:7")
        self.assertEqual(self.complaints("together"), "")

    def test_a_loop_counts_as_often_as_it_runs(self):
        self.assertRegex(self.complaints("rolled", [COPY]),
                         r"^at least 9 loads one after the other.*reduce: kernels/reduce\.hpp:19 \(copy\)")
        self.assertEqual(self.complaints("rolled_with_work", [COPY]), "")

    def test_scenarios_that_do_not_fit_the_kernels_are_named(self):
        out_of_date = Scenario("out of date", {}, [("paste", "", 1), ("copy", "i < 17", 16)], [], ())
        report = self.report("rolled", [out_of_date])
        self.assertEqual([gap.split("runs, once was taken: ")[-1] for gap in sass_report.gaps(report)],
                         ["kernels/reduce.hpp:18: for (int i = 0; i < 16; ++i) {",
                          'sass/scenarios.py names "i < 17", which the kernels no longer have',
                          'sass/scenarios.py names "paste", which the kernels no longer have'])
        self.assertEqual(sass_report.gaps(self.report("rolled", [COPY])), [])

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


if __name__ == "__main__":
    for tool in (NVCC, find_nvdisasm()):
        if not shutil.which(tool):
            print(f"There is no {tool}")
            sys.exit(77)
    unittest.main()
