#include "bench/probes/lab.hpp"
#include "engine_timing.hpp"
#include "gpu_facts.hpp"
#include "lab.hpp"

namespace ppo::bench {
namespace {

/// How lanes of a warp share the quads that they read: those whose numbers agree in `lane_bits` read the
/// same.
struct Sharing {
  const char* name;
  std::uint32_t lane_bits;
};

constexpr Sharing kSharings[] = {
    {"each lane its own", 31},
    {"lanes i and i ^ 4 the same", 31 ^ 4},
    {"lanes i and i ^ 1 the same", 31 ^ 1},
    {"lanes i and i ^ 2 the same", 31 ^ 2},
    {"four, lane % 4 (weights of a layer)", 3},
    {"eight, lane / 4 (samples of a layer)", 31 ^ 3},
    {"eight, lane % 8", 7},
    {"all lanes the same", 0},
};

}  // namespace

CardFigures measure_card(const Plan& plan) {
  const Config& config = plan.config;
  const EngineInfo info = warm_engine(config)->info();
  CardFigures card{.device = info.device, .gpu = gpu_facts(info), .loads = {}};
  for (const Sharing& sharing : kSharings) {
    card.loads.push_back({sharing.name, probes::quad_load_cycles(sharing.lane_bits)});
  }
  card.launch_s = probes::launch_seconds();
  card.queued_launch_s = probes::queued_launch_seconds();
  return card;
}

}  // namespace ppo::bench
