// scripts/gpu_check --prepare, in a tree of its own with a CMake that only pretends: what it builds for, what
// it copies, what it refuses.
#include "fake_card.hpp"

namespace ppo::test {
namespace {

namespace fs = std::filesystem;

/// Knows sm_75 and sm_90, and "builds" programs of $BYTES bytes more than a small one.
constexpr const char* kCmake = R"sh(#!/bin/sh
here=$(dirname "$0")
echo "$*" >>"$here/cmake_calls"
case "$1" in
--build)
  mkdir -p "$2/tests"
  for name in ppo_train ppo_bench tests/gpu_tests; do cp "$(command -v sleep)" "$2/$name"; done
  ;;
*)
  codes=
  for argument in "$@"; do
    case "$argument" in
    -DPPO_CUDA_CODE=*75*) codes="sm_75 ";;
    -DPPO_CUDA_CODE=*90*) codes="sm_90 ";;
    esac
  done
  echo "-- CUDA engine: 13.0.88, ${codes}compute_90"
  ;;
esac
)sh";

/// As the real one, but that programs come out as large as $BYTES says.
constexpr const char* kStrip = R"(#!/bin/sh
cp "$3" "$2"
head -c "${BYTES:-0}" /dev/zero >>"$2"
)";

class CliGpuCheckPrepare : public FakeCard {
 protected:
  void SetUp() override {
    for (const char* folder : {"tree", "tree/scripts", "tree/bench", "tree/configs"})
      fs::create_directory(at(folder));
    for (const auto& entry : fs::directory_iterator(kScripts)) {
      if (entry.path().filename().string().starts_with("gpu_") && entry.is_regular_file())
        fs::copy(entry.path(), at("tree/scripts"));
    }
    for (const char* name : {"gpu_model.py", "sass_figures.json"})
      fs::copy(fs::path(PPO_SOURCE_DIR) / "bench" / name, at("tree/bench"));
    folder_.write("tree/configs/cartpole.toml", "");
    folder_.write("ppo_jax.py", "the reference");
    program("cmake", kCmake);
    program("strip", kStrip);
    program("nvcc", "#!/bin/sh\n");
  }

  Result prepare(const Arguments& more, const std::vector<std::string>& environment = {}) const {
    Launch here = launch(environment);
    here.program = at("tree/scripts/gpu_check");
    return run(Arguments{"--prepare", at("prepared").string()} + more, here);
  }

  std::string cmake_calls() const { return read_file(at("cmake_calls")); }
};

TEST_F(CliGpuCheckPrepare, BuildsForTheArchitecturesThatAreNamed) {
  Result result = prepare({"--arch", "90"});
  ASSERT_EQ(result.exit_code, 0) << result.out << result.err;
  EXPECT_TRUE(contains(cmake_calls(), " -DPPO_CUDA_CODE=90\n")) << cmake_calls();
  fs::remove(at("cmake_calls"));
  EXPECT_EQ(prepare({}).exit_code, 0);  // of the same folder, which does not keep to the 90
  EXPECT_TRUE(contains(cmake_calls(), " -UPPO_CUDA_CODE\n")) << cmake_calls();
  EXPECT_FALSE(contains(cmake_calls(), "-DPPO_CUDA_CODE")) << cmake_calls();
}

TEST_F(CliGpuCheckPrepare, TakesEverythingAlong) {
  EXPECT_EQ(prepare({"--arch", "90", "--reference", at("ppo_jax.py").string()}).exit_code, 0);
  for (const std::string name :
       {"ppo_train", "ppo_bench", "gpu_tests", "gpu_check", "gpu_lab.py", "gpu_wall.py", "gpu_model.py",
        "sass_figures.json", "prepared.json", "configs/cartpole.toml"}) {
    EXPECT_TRUE(fs::exists(at("prepared") / name)) << name;
  }
  EXPECT_EQ(read_file(at("prepared/reference.py")), "the reference");
  // All that it needs to run lies there.
  const Result help = run({"--help"}, {.program = at("prepared/gpu_check")});
  EXPECT_EQ(help.exit_code, 0) << help.err;
  EXPECT_EQ(prepare({"--arch", "90"}).exit_code, 0);
  EXPECT_FALSE(fs::exists(at("prepared/reference.py")));  // of an earlier one
}

TEST_F(CliGpuCheckPrepare, RefusesWhatWouldBeTooMuchToCopy) {
  const Result result = prepare({"--arch", "90"}, {"BYTES=11000000"});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_TRUE(contains(result.err, "more than 31457280")) << result.err;
}

TEST_F(CliGpuCheckPrepare, LeavesNothingToUseWhereItStops) {
  ASSERT_EQ(prepare({"--arch", "90"}).exit_code, 0);
  ASSERT_EQ(prepare({"--arch", "90"}, {"BYTES=11000000"}).exit_code, 1);  // of the same folder
  const Result result = run({"--prepared", at("prepared").string()}, launch({}));
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_EQ(lines(result.err).size(), 1U) << result.err;
  EXPECT_TRUE(contains(result.err, "was not finished; make it anew with --prepare")) << result.err;
  EXPECT_EQ(prepare({"--arch", "90"}).exit_code, 0);
}

TEST_F(CliGpuCheckPrepare, RefusesArchitecturesThatAreNone) {
  for (const std::string arch : {"9.0", "sm_90", "9", "90;75"}) {
    const Result result = prepare({"--arch", arch});
    EXPECT_EQ(result.exit_code, 2) << arch;
    EXPECT_EQ(lines(result.err).size(), 1U) << result.err;
    EXPECT_TRUE(contains(result.err, "--arch " + arch + ": write ")) << result.err;
  }
  EXPECT_FALSE(fs::exists(at("cmake_calls")));
  const Result unknown = prepare({"--arch", "90", "--arch", "60"});
  EXPECT_EQ(unknown.exit_code, 1);
  EXPECT_TRUE(contains(unknown.err, "--arch 60: nvcc does not know it")) << unknown.err;
}

TEST_F(CliGpuCheckPrepare, RefusesFoldersThatAreNot) {
  const auto refused = [&](const Arguments& arguments, const std::string& said) {
    const Result result = run(arguments, launch({}));
    EXPECT_EQ(result.exit_code, 2);
    EXPECT_EQ(lines(result.err).size(), 1U) << result.err;
    EXPECT_TRUE(contains(result.err, said)) << result.err;
  };
  refused({"--prepared", "nowhere"}, "make it with --prepare");
  program("ppo_train", "#!/bin/sh\n");
  refused({"--prepared", folder_.path().string(), "--arch", "90"}, "leave out --prepare and --arch");
  refused({"--prepare", "new", "--reference", "nowhere.py"}, "write the path of ppo_jax.py");
  EXPECT_FALSE(fs::exists(at("new")));
}

TEST_F(CliGpuCheckPrepare, FindsTheLibcThatProgramsNeed) {
  const Result result = python("import sys\nimport gpu_build\nprint(gpu_build.glibc_needed([sys.argv[1]]))\n",
                               {PPO_TRAIN_BINARY});
  // Its threads need no older one, and it was linked with the one that is here.
  ASSERT_TRUE(result.out.starts_with("2.")) << result.out << result.err;
  EXPECT_GE(std::stoi(result.out.substr(2)), 14) << result.out;
  EXPECT_LE(std::stoi(result.out.substr(2)), __GLIBC_MINOR__) << result.out;
}

}  // namespace
}  // namespace ppo::test
