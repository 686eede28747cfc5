// What the tests of resume share: runs, and what two of them have in common.
#pragma once

#include <filesystem>
#include <fstream>
#include <map>
#include <string>

#include "cli/runs.hpp"

namespace ppo::test {

/// With kShort: checkpoints at 0, 2, 4 and 6 of 6 updates.
inline const Arguments kManyCheckpoints = {"--checkpoint-every", "2", "--keep", "9"};

class CliResume : public CliRuns {
 protected:
  void resume(const std::string& place, const Arguments& arguments = {}) const {
    const Result result = call(Arguments{"resume", place} + arguments);
    EXPECT_EQ(result.exit_code, 0) << result.err;
    EXPECT_EQ(result.err, "");
  }

  /// All that does not depend on the clock is the same, and nothing else is there.
  void expect_same(const std::string& got, const std::string& wanted) const {
    const bool is_evaluated = std::filesystem::exists(at(wanted) / "evals.csv");
    EXPECT_EQ(names_in(at(got)), is_evaluated ? kEvaluatedRunFiles : kRunFiles);
    for (const std::string& file : names_in(at(got))) {
      if (file == "checkpoints" || file == "run.json" || file == "timing.csv") continue;
      EXPECT_TRUE(read_file(at(got) / file) == read_file(at(wanted) / file)) << file;
    }
    const Json a = read_json(at(got) / "run.json");
    const Json b = read_json(at(wanted) / "run.json");
    for (const char* key : {"agents", "updates", "steps", "stopped_by"}) EXPECT_EQ(a.at(key), b.at(key));
    EXPECT_EQ(a.value("all_stopped_at_return", Json()), b.value("all_stopped_at_return", Json()));
    expect_timing(got, a.at("updates"));
  }

  /// A line an update, and time only goes on.
  void expect_timing(const std::string& name, std::int64_t updates) const {
    const std::vector<std::string> rows = lines(read_file(at(name) / "timing.csv"));
    ASSERT_EQ(rows.size(), static_cast<std::size_t>(updates) + 1);
    double before = 0;
    for (std::size_t i = 1; i < rows.size(); ++i) {
      const std::vector<std::string> cells = split(rows[i], ',');
      EXPECT_EQ(cells[0], std::to_string(i - 1));
      EXPECT_GE(std::stod(cells[1]), before);
      before = std::stod(cells[1]);
    }
    EXPECT_GE(read_json(at(name) / "run.json").at("wall_s").get<double>(), before);
  }

  std::filesystem::path checkpoint(const std::string& name, int update) const {
    return at(name) / "checkpoints" / ("000000000" + std::to_string(update) + ".safetensors");
  }

  /// As a run that was killed when it had saved this checkpoint, with rows behind it.
  void lose_end(const std::string& name, int update) const {
    for (int later = update + 1; later < 10; ++later) std::filesystem::remove(checkpoint(name, later));
    std::filesystem::remove(at(name) / "run.json");
    std::filesystem::remove(at(name) / "policy.safetensors");
  }

  void append(const std::filesystem::path& file, const std::string& text) const {
    std::ofstream(file, std::ios::binary | std::ios::app) << text;
  }

  /// Exit code 2, one line that says each of `parts`, and nothing changed.
  void expect_error(const Arguments& arguments, const Arguments& parts, int exit_code = 2) const {
    const auto before = content();
    const Result result = call(arguments);
    EXPECT_EQ(result.exit_code, exit_code);
    EXPECT_EQ(result.out, "");
    EXPECT_EQ(lines(result.err).size(), 1U) << result.err;
    for (const std::string& part : parts) EXPECT_TRUE(contains(result.err, part)) << result.err;
    EXPECT_TRUE(content() == before) << result.err;
  }

  /// The same of resume.
  void expect_refused(const Arguments& arguments, const Arguments& parts, int exit_code = 2) const {
    expect_error(Arguments{"resume"} + arguments, parts, exit_code);
  }

  std::map<std::string, std::string> content() const {
    std::map<std::string, std::string> files;
    for (const std::string& name : folder_.list()) {
      if (std::filesystem::is_regular_file(std::filesystem::symlink_status(at(name))))
        files[name] = read_file(at(name));
    }
    return files;
  }
};

}  // namespace ppo::test
