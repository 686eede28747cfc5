// What is said of a name that is not known: the one that was meant, where it is near, else where all are
// listed.
#include <gtest/gtest.h>

#include <ostream>

#include "runs.hpp"

namespace ppo::test {
namespace {

struct WrongName {
  std::string name;
  Arguments arguments;
  std::string end;  // of the message
};

std::ostream& operator<<(std::ostream& out, const WrongName& wrong) {
  return out << wrong.name;
}

class CliSuggestion : public testing::TestWithParam<WrongName> {};

TEST_P(CliSuggestion, FitsTheName) {
  const TemporaryFolder folder;
  folder.write("far.toml", "zeta = 1");
  folder.write("near.toml", "GAMA = 1");
  const Result result = run(GetParam().arguments, {.folder = folder.path()});
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_EQ(result.out, "");
  EXPECT_TRUE(result.err.ends_with(GetParam().end + '\n')) << result.err;
}

const std::string kVersion = "; to print the version, write only ppo_train --version";

const std::vector<WrongName> kWrongNames = {
    {"far_verb", {"frobnicate"}, "info, configs, completions or help); see ppo_train --help"},
    {"verb_in_capitals", {"EVAL"}, "; did you mean 'eval'?"},
    {"far_flag", {"--frobnicate"}, "train has no flag '--frobnicate'; see ppo_train train --help"},
    {"far_flag_of_another_verb", {"eval", "x", "--wxyz"}, "'--wxyz'; see ppo_train eval --help"},
    {"far_key", {"--config", "far.toml"}, "'zeta'; see ppo_train help train, whose flags are the keys"},
    {"key_in_capitals", {"--config", "near.toml"}, "'GAMA'; did you mean 'gamma'?"},
    {"far_preset", {"--config", "frobnicate"}, "); see ppo_train configs"},
    {"preset_in_capitals", {"--config", "CARTPOLE"}, "; did you mean 'cartpole'?"},
    {"far_environment", {"--env", "frobnicate"}, "not 'frobnicate'; for example --env cartpole"},
    {"environment_in_capitals", {"--env", "CartPole"}, "not 'CartPole'; did you mean 'cartpole'?"},
    {"far_device", {"--device", "tpu9"}, "not 'tpu9'; for example --device auto"},
    {"device_in_capitals", {"--device", "CPU"}, "not 'CPU'; did you mean 'cpu'?"},
    {"device_of_other_programs", {"--device", "GPU"}, "not 'GPU'; did you mean 'cuda'?"},
    {"far_simd", {"--simd", "sse"}, "not 'sse'; for example --simd auto"},
    {"far_format", {"export", "x", "--format", "q"}, "not 'q'; for example --format onnx"},
    {"format_in_capitals", {"export", "x", "--format", "ONNX"}, "not 'ONNX'; did you mean 'onnx'?"},
    {"version_as_verb", {"version"}, "unknown verb 'version'" + kVersion},
    {"help_for_version", {"help", "version"}, "unknown verb 'version'" + kVersion},
    {"version_and_more", {"--version", "extra"}, "train has no flag '--version'" + kVersion},
    {"version_of_a_verb", {"eval", "--version"}, "eval has no flag '--version'" + kVersion},
    {"short_version", {"-v"}, "train has no flag '-v'" + kVersion},
    {"capital_version", {"-V"}, "train has no flag '-V'" + kVersion},
    {"help_for_two",
     {"help", "eval", "render"},
     "help takes one verb, not 'render' as well; write ppo_train help VERB for each"},
};

INSTANTIATE_TEST_SUITE_P(Each, CliSuggestion, testing::ValuesIn(kWrongNames),
                         [](const auto& each) { return each.param.name; });

}  // namespace
}  // namespace ppo::test
