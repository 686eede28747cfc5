#include "export/export.hpp"

#include "errors.hpp"

namespace ppo {

int run_export(const ExportCommand&) {
  throw Failure(kRunFailed, "not there yet");
}

}  // namespace ppo
