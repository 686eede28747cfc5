// The programs of a FakeCard: shell scripts.
#pragma once

namespace ppo::test {

struct FakeProgram {
  const char* name;
  const char* text;
};

/// Each begins so. One whose call matches $HANG hangs, or the call of number $HANG_AT of all but the log of
/// clocks, and SIGTERM does not end it; with BROOD it has a child that hangs, too.
constexpr const char* kFakeStart = R"(#!/bin/sh
here=$(dirname "$0")
call="${0##*/} $*"
number=
[ -z "$HANG_AT" ] || case "$call" in *-lms*) ;; *) echo >>"$here/calls"; number=$(wc -l <"$here/calls");; esac
case "$call at $number" in
$HANG' at '*|*' at '${HANG_AT:-never})
  trap '' TERM
  [ -z "$BROOD" ] || { sleep 300 & echo $! >"$here/brood"; }
  echo $$ >"$here/hanging"
  exec sleep 300
  ;;
esac
)";

constexpr FakeProgram kFakePrograms[] = {
    // The agent whose seed is 4294967296 ends differently on the card, and evaluations do where EVALS is
    // not 1.
    {"ppo_train", R"(
if [ "$1" = info ]; then
  echo 'warning: the locale is odd' >&2
  echo '{"cuda": {"runtime": "13.0", "driver": "13.0", "problem": null, "devices": [{"device": "cuda:0",'
  echo '"name": "'"${CARD:-Pretended GPU}"'", "pci": "00000000:65:00.0",'
  echo '"compute_capability": "9.0", "multiprocessors": 4, "problem": null}]}}'
  exit 0
fi
case "$call" in $BREAK) echo 'an illegal memory access'; exit 1;; esac
hash=1 previous= device= seed= out= every=
for argument in "$@"; do
  case "$previous" in --device) device=$argument;; --seed) seed=$argument;; --out) out=$argument;; --eval-every) every=$argument;; esac
  previous=$argument
done
[ "$device$seed" != cuda:04294967296 ] || hash=${HASH:-2}
[ -n "$out" ] || exit 0
mkdir "$out" && echo '{"agents": [{"param_hash": "'$hash'"}]}' >"$out/run.json"
printf 'heading\n1\n' >"$out/metrics.csv"
[ -z "$every" ] || echo 1 >"$out/best.safetensors"
[ -z "$every" ] || if [ "$device" = cpu ]; then echo 1; else echo "${EVALS:-1}"; fi >"$out/evals.csv"
)"},
    {"gpu_tests", R"(
case "$1" in
--gtest_list_tests) printf 'Gpu.\n  Good\n  Bad\n  Skips\n  Other  # GetParam() = 1\n';;
*Good|*Other) echo '[  PASSED  ] 1 test.';;
*Skips) echo '[  PASSED  ] 0 tests.';;
*) echo 'value 3 is not 4'; exit 1;;
esac
)"},
    {"ppo_bench", R"(
if [ "$1" = --list-variants ]; then
  echo 'quick   skips a wait; prediction: 1.05'
  echo 'wrong   forgets a sum; prediction: 1.50'
  exit 0
fi
for file in "$@"; do case "$previous" in --json) break;; --variant) variant=$file;; esac; previous=$file; done
hash=1
[ "$variant" != wrong ] || hash=2
[ -z "$variant" ] || { cat >"$file" <<END
{"variant": "$variant", "usual_sps": [2e7], "sps": [2.2e7], "ratio": 1.1, "usual_hashes": ["1"], "hashes": ["$hash"],
 "same_bits": $([ $hash = 1 ] && echo true || echo false)}
END
  exit 0
}
cat >"$file" <<END
{"sps": 3e7, "flops_per_step": 227200, "peak_flops_per_s": 6e13, "blocks_per_agent": 4, "threads": 2,
 "fraction_of_peak": 0.11,
 "barriers": [{"blocks": 2, "barrier_s": [1e-6]}],
 "teams": [{"blocks_per_agent": 4, "sps": [3e7], "fraction_of_peak": [0.11],
            "stages_of_an_update": [{"stage": "rollout", "work_s": 1e-4, "wait_s": 1e-6, "least_s": 1e-6}]}],
 "sweep": [{"key": "num_envs", "value": 64, "sps": 3e7, "ratio": 1},
           {"key": "num_envs", "value": 65536, "skipped": "out of memory"}],
 "gpu": {"clusters": [{"blocks": 8, "resident_blocks": 128, "barrier_s": 4e-7}]}, "launch_s": 1e-5, "queued_launch_s": 2e-6,
 "quad_loads": [{"sharing": "each lane its own", "cycles": 4.01}]}
END
)"},
    // The program has a race.
    {"compute-sanitizer", R"(
[ "$2" != racecheck ] || { echo 'Race reported'; exit 9; }
)"},
    {"cuda-gdb", "echo '#0 train at team.hpp:65'\n"},
    // A report is a text here. Its source is larger than 1 MiB, and the last instruction the hottest.
    {"ncu", R"sh(
for file in "$@"; do [ "$previous" != --export ] || break; previous=$file; done
case "$call" in
*--import*source*)
  echo '==PROF== a report'
  echo '"#","Source","Warp Stall Sampling (All Samples)"'
  seq -f '"%g","FFMA R1, R2, R3, R4","2"' 40000
  echo '"40001","BRA 0x10","1,500"'
  ;;
*--kernel-name*) [ -z "$NO_NODES" ] || exit 0; echo report >"$file";;
*--import*) echo 'Issue Slots Busy 42 %';;
*) echo report >"$file";;
esac
)sh"},
    {"nvidia-smi", R"(
case "$call" in
*-lms*)
  echo $$ >"$here/logging"
  [ -z "$NO_CLOCKS" ] || { echo 'Unable to determine the device handle'; exit 6; }
  echo 'clocks.current.sm [MHz], power.draw [W], clocks_event_reasons.active'
  while :; do
    case "$call" in
    *'-i 00000000:65:00.0'*) ;;
    *) echo '300 MHz, 70.00 W, 0x0000000000000001';;  # another card
    esac
    echo '1980 MHz, 312.50 W, 0x0000000000000004'
    sleep 0.01
  done
  ;;
*) echo 'name, driver_version'; echo 'Pretended GPU, 580';;
esac
)"},
    {"fake_python", R"(
[ "$1" != -c ] || { [ -z "$NO_JAX" ] || { echo "no GPU for JAX: none"; exit 1; }; exit 0; }
for file in "$@"; do :; done
echo '{"summary": {"steady_sps": 1e6, "compile_s": 9.5, "device": "gpu: Pretended"}}' >"$file"
)"},
};

}  // namespace ppo::test
