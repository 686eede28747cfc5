// Any bytes as a config, and as a sweep: refused in a line, or one that survives being written and read
// again, with a trial wherever its values fit together.
#include "config/settings.hpp"
#include "config/sweep/space.hpp"
#include "config/sweep/sweep_reader.hpp"
#include "config/sweep/sweep_writer.hpp"
#include "config/sweep/trial_config.hpp"
#include "config/toml_reader.hpp"
#include "config/toml_writer.hpp"
#include "fuzz.hpp"

namespace {

ppo::Config read(std::string_view bytes) {
  ppo::Settings settings;
  ppo::read_toml(bytes, "config.toml", settings);
  return settings.checked();
}

void try_config(std::string_view bytes) {
  using namespace ppo::fuzz;
  ppo::Config config;
  if (!accepts([&] { config = read(bytes); })) return;
  const std::string toml = ppo::to_toml(config);
  ppo::Config again;
  require(accepts([&] { again = read(toml); }), "a written config is accepted");
  require(ppo::to_toml(again) == toml, "a written config reads back to itself");
}

/// A value on its scale has a unit that leads back to it, but for a real number near an end of a long scale.
void try_dimension(const ppo::Dimension& dimension) {
  using ppo::fuzz::require;
  for (const double unit : {0.0, 0.3, 0.5, 0.999}) {
    const ppo::Value value = ppo::value_at(dimension, unit);
    ppo::Config config;
    require(ppo::store(*dimension.option, value, config), "a value of the space is one that the key takes");
    const double back = ppo::unit_of(dimension, value);
    require(back >= 0 && back < 1, "a unit lies between 0 and 1");
    const bool is_real = std::holds_alternative<double>(value);
    require(is_real || ppo::show(ppo::value_at(dimension, back)) == ppo::show(value), "a unit leads back");
  }
}

void try_sweep(std::string_view bytes) {
  using namespace ppo::fuzz;
  ppo::SweepConfig sweep;
  if (!accepts([&] { sweep = ppo::read_sweep(bytes, "sweep.toml"); })) return;
  const std::string toml = ppo::to_toml(sweep);
  ppo::SweepConfig again;
  require(accepts([&] { again = ppo::read_sweep(toml, "sweep.toml"); }), "a written sweep is accepted");
  require(ppo::to_toml(again) == toml, "a written sweep reads back to itself");
  std::vector<ppo::Value> point;
  for (const ppo::Dimension& dimension : sweep.plan.space) {
    try_dimension(dimension);
    point.push_back(ppo::value_at(dimension, 0.3));
  }
  accepts([&] { ppo::trial_config(sweep, point); });
  require(ppo::to_toml(ppo::trial_config(sweep, ppo::values_of(sweep.config, sweep.plan.space))) ==
              ppo::to_toml(sweep.config),
          "trial 0 is the config as it stands");
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  try_config(ppo::fuzz::text(data, size));
  try_sweep(ppo::fuzz::text(data, size));
  return 0;
}
