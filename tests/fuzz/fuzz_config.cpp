// Any bytes as a config: refused in a line, or a config that survives being written and read again.
#include "config/settings.hpp"
#include "config/toml_reader.hpp"
#include "config/toml_writer.hpp"
#include "fuzz.hpp"

namespace {

ppo::Config read(std::string_view bytes) {
  ppo::Settings settings;
  ppo::read_toml(bytes, "config.toml", settings);
  return settings.checked();
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace ppo::fuzz;
  ppo::Config config;
  if (!accepts([&] { config = read(text(data, size)); })) return 0;
  const std::string toml = ppo::to_toml(config);
  ppo::Config again;
  require(accepts([&] { again = read(toml); }), "a written config is accepted");
  require(ppo::to_toml(again) == toml, "a written config reads back to itself");
  return 0;
}
