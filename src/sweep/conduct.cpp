#include "sweep/conduct.hpp"

#include "sweep/show/progress.hpp"
#include "sweep/show/view.hpp"
#include "system/errors.hpp"
#include "system/stop_signals.hpp"
#include "system/stopwatch.hpp"

namespace ppo {
namespace {

constexpr double kUsualSeconds = 30;  // between two savings within a rung

class Conductor : public RungWatch {
 public:
  Conductor(const SweepConfig& sweep, SweepState& state, const SweepFolder& folder, SweepView& view)
      : sweep_(sweep), state_(state), folder_(folder), view_(view), seconds_before_(state.seconds) {}

  void trains_on(const EngineInfo& engine) override { engine_ = engine; }

  void trained(std::int64_t steps) override { view_.trained(steps); }

  bool is_stopped() override { return StopSignals::received() != 0; }

  bool is_due() override { return is_stopped() || since_.seconds() >= kUsualSeconds; }

  bool rest() override {
    state_.seconds = seconds_before_ + watch_.seconds();
    folder_.save(sweep_, state_);
    since_ = {};
    return !is_stopped();
  }

  bool passed() override {
    const bool goes_on = rest();
    folder_.write_results(sweep_, state_);
    view_.passed();
    return goes_on;
  }

  const std::optional<EngineInfo>& engine() const { return engine_; }

 private:
  const SweepConfig& sweep_;
  SweepState& state_;
  const SweepFolder& folder_;
  SweepView& view_;
  double seconds_before_;
  std::optional<EngineInfo> engine_;  // the latest
  Stopwatch watch_;                   // of this process
  Stopwatch since_;                   // the latest saving
};

}  // namespace

int conduct(const SweepConfig& sweep, SweepState state, const SweepFolder& folder, bool quiet) {
  const StopSignals signals;
  const bool is_resumed = steps_done(state) > 0;
  SweepView view(sweep, state, quiet);
  view.start(is_resumed);
  Conductor conductor(sweep, state, folder, view);
  if (!advance(sweep, state, conductor)) {
    folder.write_results(sweep, state);
    view.stopped(folder.path());
    return 128 + StopSignals::received();
  }
  folder.write_results(sweep, state);  // once more, where the process was killed between state and results
  folder.finish(state, conductor.engine());
  view.summary(folder.path());
  return kDone;
}

}  // namespace ppo
