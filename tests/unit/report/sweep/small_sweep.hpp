// What the tests of a sweep's page share: the sweep that sweep_folder.hpp writes, and looking for words.
#pragma once

#include <string>

#include "report/sweep/reported_sweep.hpp"
#include "unit/report/sweep/sweep_folder.hpp"

namespace ppo::test {

inline bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

inline ReportedSweep small_sweep() {
  return read_reported_sweep(SweepFolder().path());
}

}  // namespace ppo::test
