#include "report/report.hpp"

#include "errors.hpp"

namespace ppo {

int run_report(const ReportCommand&) {
  throw Failure(kRunFailed, "not there yet");
}

void write_report(std::span<const std::filesystem::path>, const std::filesystem::path&) {
  throw Failure(kRunFailed, "not there yet");
}

}  // namespace ppo
