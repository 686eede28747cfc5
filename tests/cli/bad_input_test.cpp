// Every wrong input ends the same way: exit 2, one line on standard error that says where and what to write
// instead, nothing on standard output, nothing created.
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <ostream>
#include <regex>
#include <string>
#include <vector>

#include "process.hpp"

namespace ppo::test {
namespace {

using namespace std::string_literals;

void expect_refused(const TemporaryFolder& folder, const std::vector<std::string>& arguments,
                    const std::vector<std::string>& said) {
  const std::vector<std::string> before = folder.list();
  Launch launch;
  launch.folder = folder.path();
  launch.timeout = std::chrono::seconds(10);
  const Result result = run(arguments, launch);
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_EQ(result.out, "");
  EXPECT_EQ(folder.list(), before);
  EXPECT_TRUE(result.err.starts_with("ppo_train: ")) << result.err;
  EXPECT_EQ(std::count(result.err.begin(), result.err.end(), '\n'), 1) << result.err;
  const bool control =
      std::any_of(result.err.begin(), result.err.end() - 1, [](unsigned char c) { return c < ' '; });
  EXPECT_FALSE(control) << result.err;
  for (const std::string& part : said)
    EXPECT_NE(result.err.find(part), std::string::npos) << part << " in " << result.err;
}

struct BadFile {
  std::string name;
  std::string text;
  std::vector<std::string> said;
};

std::ostream& operator<<(std::ostream& out, const BadFile& bad) {
  return out << bad.name;
}

class CliBadFile : public testing::TestWithParam<BadFile> {};

TEST_P(CliBadFile, IsRefused) {
  const TemporaryFolder folder;
  folder.write("bad.toml", GetParam().text);
  expect_refused(folder, {"--config", "bad.toml"}, GetParam().said);
}

const std::vector<BadFile> kBadFiles = {
    {"unknown_key", "seed = 1\nnum_env = 8\n", {"bad.toml:2:1: ", "'num_env'", "'num_envs'"}},
    {"indented_unknown_key", "\n  n_steps = 8\n", {"bad.toml:2:3: ", "'num_steps'"}},
    {"swapped_letters", "sede = 1", {"bad.toml:1:1: ", "'seed'"}},
    {"name_of_other_programs", "learning_rate = 1e-3", {"bad.toml:1:1: ", "did you mean 'lr'?"}},
    {"first_error_in_reading_order", "zeta = 1\nalpha = 1\n", {"bad.toml:1:1: ", "'zeta'"}},
    {"escape_sequence_in_key", "\"\\u001b[31m\\nx\" = 1", {"bad.toml:1:1: ", "\\x1b[31m x"}},
    {"very_long_key", std::string(10'000, 'k') + " = 1", {"bad.toml:1:1: ", "kkk...'"}},
    {"integer_for_boolean",
     "norm_adv = 1",
     {"bad.toml:1:12: norm_adv", "true or false", "not 1;", "norm_adv = true"}},
    {"capital_boolean", "norm_adv = True", {"bad.toml:1:12: "}},
    {"fraction_for_count", "num_envs = 1.5", {"bad.toml:1:12: num_envs", "not 1.5;", "num_envs = 64"}},
    {"whole_float_for_count", "num_envs = 64.0", {"bad.toml:1:12: num_envs", "not 64.0;"}},
    {"text_for_number", "lr = \"small\"", {"bad.toml:1:6: lr", "not 'small';", "lr = 0.00025"}},
    {"number_for_text", "env = 1", {"bad.toml:1:7: env", "env = \"cartpole\""}},
    {"boolean_for_number", "gamma = true", {"bad.toml:1:9: gamma", "not true;"}},
    {"array", "lr = [1]", {"bad.toml:1:6: lr", "an array"}},
    {"date", "lr = 1979-05-27", {"bad.toml:1:6: lr", "a date"}},
    {"nan", "lr = nan", {"bad.toml:1:6: lr", "not nan;"}},
    {"inf", "ent_coef = inf", {"bad.toml:1:12: ent_coef", "not inf;"}},
    {"minus_inf", "ent_coef = -inf", {"bad.toml:1:12: ent_coef", "not -inf;"}},
    {"beyond_float", "vf_coef = 1e39", {"bad.toml:1:11: vf_coef"}},
    {"zero_lr", "lr = 0", {"bad.toml:1:6: lr", "above 0"}},
    {"lr_that_rounds_to_zero", "lr = 1e-60", {"bad.toml:1:6: lr", "above 0"}},
    {"gamma_above_one", "gamma = 1.01", {"bad.toml:1:9: gamma", "0 to 1"}},
    {"negative_seed", "seed = -1", {"bad.toml:1:8: seed", "0 to 9223372036854775807"}},
    {"no_environments", "num_envs = 0", {"bad.toml:1:12: num_envs", "1 to 1048576"}},
    {"beyond_int64",
     "seed = 9223372036854775808",
     {"bad.toml:1:8: ", "9223372036854775808", "at most 9223372036854775807"}},
    {"seeds_beyond_int64",
     "num_seeds = 2\nseed = 9223372036854775807",
     {"bad.toml:2:8: ", "9223372036854775806"}},
    {"batch_not_divisible", "num_minibatches = 5", {"bad.toml:1:19: ", "8192", "4 or 8"}},
    {"more_minibatches_than_samples",
     "num_envs = 1\nnum_steps = 2",
     {"bad.toml:1:12: ", "num_minibatches = 2"}},
    {"less_than_one_batch", "\ntotal_timesteps = 8191", {"bad.toml:2:19: ", "total_timesteps = 8192"}},
    {"enormous_batch",
     "num_envs = 1048576\nnum_steps = 1025",
     {"bad.toml:1:12: ", "more than the largest, 1073741824", "num_steps = 1024"}},
    {"unknown_environment", "env = \"cartpol\"", {"bad.toml:1:7: env", "'cartpole'"}},
    {"unknown_device", "device = \"cpuu\"", {"bad.toml:1:10: device", "auto, cpu, cuda or cuda:N", "'cpu'"}},
    {"table", "[ppo]\nlr = 1", {"bad.toml:1:2: ", "unknown table 'ppo'"}},
    {"array_of_tables", "[[ppo]]\nlr = 1", {"bad.toml:1:3: ", "unknown table 'ppo'"}},
    {"dotted_key", "ppo.lr = 1", {"bad.toml:1:1: ", "unknown table 'ppo'"}},
    {"table_named_as_key", "[lr]\nx = 1", {"bad.toml:1:1: lr", "not a table"}},
    {"inline_table", "lr = { x = 1 }", {"bad.toml:1:6: lr", "not a table"}},
    {"repeated_key", "seed = 1\nlr = 1\n seed = 1", {"bad.toml:3:2: ", "repeated key 'seed'"}},
    {"no_value", "seed =", {"bad.toml:1:7: ", "syntax error"}},
    {"no_equals", "seed 1", {"bad.toml:1:6: ", "syntax error"}},
    {"two_on_a_line", "seed = 1 lr = 2", {"bad.toml:1:10: ", "syntax error"}},
    {"open_string", "env = \"cartpole", {"bad.toml:1:16: ", "syntax error"}},
    {"leading_dot_in_header", "[.a]", {"bad.toml:1:2: ", "syntax error"}},
    {"leading_zero", "seed = 01", {"bad.toml:1:", "leading zero"}},
    {"deep_nesting", "lr = " + std::string(10'000, '['), {"bad.toml:1:", "syntax error"}},
    {"control_character", "env = \"a\x1b[31m\"", {"bad.toml:1:9: ", "syntax error"}},
    {"error_behind_a_byte_order_mark", "\xEF\xBB\xBFnum_env = 1", {"bad.toml:1:1: ", "'num_envs'"}},
    {"letter_in_bare_key", "\xC3\xA9 = 1", {"bad.toml:1:1: ", "syntax error"}},
    {"error_behind_letters", "env = \"\xC3\xA9\xE3\x81\x82\" x", {"bad.toml:1:12: ", "syntax error"}},
    {"invalid_utf8", "seed = 1\nenv = \"\xFF\"", {"bad.toml:2:8: ", "UTF-8"}},
    {"utf16", "\xFF\xFEs\0e\0"s, {"bad.toml:1:1: ", "UTF-8"}},
    {"nul_byte", "seed = 1\n\0"s, {"bad.toml:2:1: ", "NUL"}},
    {"larger_than_a_config", std::string((16 << 10) + 1, '#'), {"bad.toml: ", "16 KiB"}},
};

INSTANTIATE_TEST_SUITE_P(Each, CliBadFile, testing::ValuesIn(kBadFiles),
                         [](const auto& each) { return each.param.name; });

struct BadArguments {
  std::string name;
  std::vector<std::string> arguments;
  std::vector<std::string> said;
};

std::ostream& operator<<(std::ostream& out, const BadArguments& bad) {
  return out << bad.name;
}

class CliBadArguments : public testing::TestWithParam<BadArguments> {};

TEST_P(CliBadArguments, AreRefused) {
  const TemporaryFolder folder;
  folder.write("file", "");
  folder.write("latin\n1.toml", "env = \"\xE9\"");
  std::filesystem::create_directory(folder.path() / "folder");
  ASSERT_EQ(mkfifo((folder.path() / "pipe").c_str(), 0600), 0);
  std::filesystem::create_symlink("nowhere", folder.path() / "dangling");
  expect_refused(folder, GetParam().arguments, GetParam().said);
}

const std::vector<BadArguments> kBadArguments = {
    {"missing_config", {"--config", "nowhere.toml"}, {"'nowhere.toml'", "cartpole-v1"}},
    {"almost_a_preset", {"--config", "cartpol"}, {"did you mean 'cartpole'?"}},
    {"config_in_another_folder", {"--config", "configs/cartpole.toml"}, {"did you mean 'cartpole'?"}},
    {"config_is_a_folder", {"--config", "folder"}, {"folder: is a folder"}},
    {"config_below_a_file", {"--config", "file/x"}, {"'file/x'"}},
    {"config_is_a_pipe", {"--config", "pipe"}, {"pipe: is not a regular file"}},
    {"config_is_a_device", {"--config", "/dev/zero"}, {"/dev/zero: is not a regular file"}},
    {"unreadable_config", {"--config", "/proc/self/mem"}, {"/proc/self/mem: cannot be read"}},
    {"dangling_config", {"--config", "dangling"}, {"'dangling'"}},
    {"line_break_in_file_name", {"--config", "latin\n1.toml"}, {"latin 1.toml:1:8: "}},
    {"out_is_a_folder", {"--out", "folder"}, {"--out 'folder' already exists"}},
    {"out_is_a_file", {"--out", "file"}, {"--out 'file' already exists"}},
    {"out_is_a_dangling_link", {"--out", "dangling"}, {"--out 'dangling' already exists"}},
    {"out_and_no_out", {"--out", "new", "--no-out"}, {"--no-out"}},
    {"out_before_bad_value", {"--out", "new", "--lr", "x"}, {"--lr "}},
    {"nan", {"--lr", "nan"}, {"--lr ", "not nan;", "--lr 0.00025"}},
    {"text", {"--lr", "small"}, {"--lr ", "'small'"}},
    {"fraction", {"--num-envs", "1.5"}, {"--num-envs ", "not 1.5;", "--num-envs 64"}},
    {"underscored_fraction", {"--num_envs=1.5"}, {"--num-envs ", "not 1.5;"}},
    {"exponent", {"--num-envs", "1e2"}, {"--num-envs "}},
    {"boolean_as_number", {"--norm-adv", "1"}, {"--norm-adv ", "true or false"}},
    {"negative", {"--seed", "-1"}, {"--seed ", "not -1;"}},
    {"beyond_int64", {"--seed", "9223372036854775808"}, {"--seed ", "0 to 9223372036854775807"}},
    {"beyond_uint64", {"--seed", "18446744073709551616"}, {"--seed ", "0 to 9223372036854775807"}},
    {"log_every_beyond_int64", {"--log-every", "9223372036854775808"}, {"1 to 9223372036854775807"}},
    {"comment_in_value", {"--seed", "1 # one"}, {"--seed ", "'1 # one'"}},
    {"second_key_in_value", {"--seed", "1\nlr=1"}, {"--seed ", "'1 lr=1'"}},
    {"unknown_environment", {"--env", "cartpol"}, {"--env ", "'cartpole'"}},
    {"unknown_device", {"--device", "cuda:x"}, {"--device "}},
    {"unknown_simd", {"--simd", "sse"}, {"--simd ", "avx512, avx2, neon or scalar"}},
    {"negative_threads", {"--threads", "-1"}, {"--threads ", "0 to 1024"}},
    {"batch_not_divisible", {"--num-minibatches", "5"}, {"--num-minibatches: ", "4 or 8"}},
    {"flag_over_preset_not_divisible",
     {"--config", "cartpole", "--num-steps", "1", "--num-envs", "6"},
     {"--num-envs: ", "3 or 6"}},
    {"less_than_one_batch", {"--total-timesteps", "8191"}, {"--total-timesteps: ", "8192"}},
    {"seeds_beyond_int64", {"--seed", "9223372036854775807", "--num-seeds", "2"}, {"--seed: "}},
    {"no_value", {"--lr"}, {"--lr needs a value"}},
    {"flag_as_value", {"--out", "--quiet"}, {"--out needs a value"}},
    {"empty_value", {"--lr", ""}, {"--lr needs a value"}},
    {"empty_value_after_equals", {"--lr=", "1e-3"}, {"--lr= needs a value"}},
    {"value_for_a_switch", {"--quiet=false"}, {"--quiet takes no value"}},
    {"repeated_flag", {"--lr", "1e-3", "--lr", "1e-3"}, {"--lr is given more than once"}},
    {"repeated_in_both_spellings",
     {"--num-envs", "8", "--num_envs", "8"},
     {"--num-envs is given more than once"}},
    {"unknown_flag", {"--num-env", "8"}, {"'--num-env'", "did you mean '--num-envs'?"}},
    {"flag_of_other_programs", {"--learning-rate=1e-3"}, {"did you mean '--lr'?"}},
    {"single_dash", {"-lr", "1e-3"}, {"'-lr'", "did you mean '--lr'?"}},
    {"escape_sequence_in_flag", {"--\x1b[31m"}, {"\\x1b[31m"}},
    {"flag_of_another_verb", {"train", "--episodes", "5"}, {"--episodes", "but eval does"}},
    {"train_flag_for_eval", {"eval", "folder", "--lr", "1e-3"}, {"'--lr'", "but train does"}},
    {"flag_before_another_verb", {"--lr", "1e-3", "eval", "folder"}, {"'eval'", "first"}},
    {"verb_after_verb", {"train", "eval"}, {"'eval'", "first"}},
    {"config_with_too_long_a_name",
     {"--config", std::string(300, 'x')},
     {"there is no file or preset of that name"}},
    {"operand_of_train", {"train", "cartpole"}, {"train does not take 'cartpole'"}},
    {"operand_behind_dashes", {"--", "cartpole"}, {"'--'"}},
    {"unknown_verb", {"evla", "folder"}, {"'evla'", "did you mean 'eval'?"}},
    {"empty_verb", {""}, {"unknown verb ''"}},
    {"preset_as_verb", {"cartpole-v1"}, {"write ppo_train --config cartpole-v1"}},
    {"config_as_verb", {"my.toml"}, {"write ppo_train --config my.toml"}},
    {"eval_without_run", {"eval"}, {"eval RUN"}},
    {"eval_of_two", {"eval", "folder", "folder"}, {"eval does not take 'folder'"}},
    {"eval_no_episodes", {"eval", "folder", "--episodes", "0"}, {"--episodes ", "1 to 1000000"}},
    {"eval_negative_seed", {"eval", "folder", "--seed", "-1"}, {"--seed "}},
    {"eval_text_for_cap", {"eval", "folder", "--max-steps", "many"}, {"--max-steps ", "'many'"}},
    {"info_with_operand", {"info", "file"}, {"info does not take 'file'"}},
    {"too_many_blocks", {"--blocks-per-agent", "65536"}, {"--blocks-per-agent ", "0 to 65535"}},
    {"too_many_event_files", {"--num-seeds", "257", "--tensorboard"}, {"--tensorboard ", "--num-seeds 256"}},
    {"too_many_updates_a_launch", {"--updates-per-launch", "4097"}, {"--updates-per-launch ", "0 to 4096"}},
    {"configs_with_operand", {"configs", "cartpole"}, {"configs does not take 'cartpole'"}},
    {"configs_with_flag", {"configs", "--seed", "1"}, {"'--seed'"}},
    {"help_for_unknown_verb", {"help", "evl"}, {"did you mean 'eval'?"}},
    {"version_and_more", {"--version", "--quiet"}, {"'--version'"}},
};

INSTANTIATE_TEST_SUITE_P(Each, CliBadArguments, testing::ValuesIn(kBadArguments),
                         [](const auto& each) { return each.param.name; });

TEST(CliBadInput, MoreMemoryThanThereIsIsRefusedAtOnce) {
  const TemporaryFolder folder;
  const std::vector<std::string> huge = {"--num-seeds",       "65536", "--num-envs",        "1048576",
                                         "--num-steps",       "1024",  "--total-timesteps", "2000000000",
                                         "--num-minibatches", "1024"};
  const auto start = std::chrono::steady_clock::now();
  expect_refused(folder, huge, {" TiB of memory", "num_seeds", "num_envs", "num_steps"});
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(2));

  // The observations alone, 4 numbers of 4 bytes a step, are 2^50 bytes; a count that has overflowed is less.
  const Result result = run(huge, {.folder = folder.path(), .timeout = std::chrono::seconds(10)});
  std::smatch needed;
  ASSERT_TRUE(std::regex_search(result.err, needed, std::regex("([0-9.]+) TiB of memory"))) << result.err;
  EXPECT_GE(std::stod(needed[1]), 0x1p10) << result.err;
}

}  // namespace
}  // namespace ppo::test
