// The folder of a small sweep that has come to its end.
#pragma once

#include <string>
#include <string_view>

#include "temporary_folder.hpp"

namespace ppo::test {

inline constexpr std::string_view kSweepJson =
    R"({"version": "0.9.0", "numerics_version": 2, "complete": true,
 "env": "cartpole", "method": "halving", "metric": "steps_to_greedy", "target_return": 100, "trials": 4,
 "seeds": [7, 8], "confirm_seeds": [9, 10, 11], "rungs": [1000, 2000, 4000], "total_timesteps": 4000,
 "space": [{"key": "lr", "scale": "log", "min": 0.0001, "max": 0.01}, {"key": "activation", "values": ["tanh", "relu"]}],
 "ranking": [{"rank": 1, "trial": 1, "values": {"lr": 0.005, "activation": "relu"}, "score": 900, "low": 700, "high": 950,
              "reached": 3, "seeds": 3}],
 "control": {"trials": 1, "best_kept": {"trial": 1, "score": 800}, "best_cut": {"trial": 2, "score": 3000, "cut_at": 1000}}}
)";

inline constexpr std::string_view kTrialsCsv =
    "trial,lr,activation,rung,steps,score,seed_7,seed_8,state,cut_at\n"
    "0,0.001,tanh,1,1000,,,,cut,1000\n"
    "1,0.005,relu,3,4000,800,600,800,finished,\n"
    "2,0.0005,tanh,3,4000,3000,2500,3000,finished,1000\n"
    "3,0.0001,relu,2,2000,,1600,,cut,2000\n";

/// Some ends of updates, which have 100 or 200 steps.
inline constexpr std::string_view kCurvesCsv =
    "stage,trial,seed,steps,return\n"
    "sweep,0,7,600,10\nsweep,0,7,1000,20\nsweep,0,8,600,10\nsweep,0,8,1000,30\n"
    "sweep,1,7,600,100\nsweep,1,7,800,100\nsweep,1,7,1000,100\nsweep,1,7,2000,100\nsweep,1,7,4000,100\n"
    "sweep,1,8,600,50\nsweep,1,8,800,120\nsweep,1,8,1000,100\nsweep,1,8,2000,100\nsweep,1,8,4000,100\n"
    "sweep,2,7,1000,5\nsweep,2,7,2000,50\nsweep,2,7,2500,100\nsweep,2,7,3000,100\nsweep,2,7,4000,100\n"
    "sweep,2,8,1000,9\nsweep,2,8,2000,50\nsweep,2,8,2500,60\nsweep,2,8,3000,100\nsweep,2,8,4000,100\n"
    "sweep,3,7,1000,40\nsweep,3,7,1600,100\nsweep,3,7,2000,100\n"
    "sweep,3,8,1000,60\nsweep,3,8,1600,90\nsweep,3,8,2000,99\n"
    "confirm,1,9,900,100\nconfirm,1,10,900,40\nconfirm,1,10,950,100\nconfirm,1,11,900,70\n";

inline constexpr std::string_view kConfirmedCsv =
    "rank,trial,score,low,high,reached,seed_9,seed_10,seed_11\n1,1,900,700,950,3,900,950,700\n";

/// A folder of a sweep of which single files can be written anew.
class SweepFolder {
 public:
  SweepFolder() {
    write("sweep.toml", "[sweep]\ntrials = 4\n");
    write("sweep.json", kSweepJson);
    write("trials.csv", kTrialsCsv);
    write("curves.csv", kCurvesCsv);
    write("confirmed.csv", kConfirmedCsv);
  }

  std::filesystem::path path() const { return folder_.path(); }
  std::filesystem::path write(std::string_view name, std::string_view text) const {
    return folder_.write(name, text);
  }
  void remove(std::string_view name) const { std::filesystem::remove(path() / name); }

  /// Writes the text with `to` where it had `from`, which must be there.
  void write_with(std::string_view name, std::string_view text, std::string_view from,
                  std::string_view to) const {
    std::string changed(text);
    changed.replace(changed.find(from), from.size(), to);
    write(name, changed);
  }

 private:
  TemporaryFolder folder_;
};

}  // namespace ppo::test
