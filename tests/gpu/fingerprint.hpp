// The fingerprints of bench/probes/probe_functions.hpp, by the host's cores.
#pragma once

#include <cstdint>
#include <vector>

#include "bench/probes/probe_functions.hpp"
#include "engine/cpu/team.hpp"
#include "system/cores.hpp"
#include "system/processor/levels.hpp"

namespace ppo::test {

template <class Of>
[[gnu::always_inline]] inline std::uint32_t add_terms(std::uint32_t stride, std::uint32_t chunk) {
  std::uint32_t sum = 0;
  for (std::uint32_t i = 0; i < probes::kChunkSize; ++i) {
    const std::uint32_t argument = (chunk * probes::kChunkSize + i) * stride;
    sum += probes::fingerprint_term(argument, Of::of(argument));
  }
  return sum;
}

#if defined(__x86_64__)
/// The same bits; without instructions for it an fma takes a call.
template <class Of>
[[gnu::target("avx2,fma"), gnu::flatten]] std::uint32_t fingerprint_with_fma(std::uint32_t stride,
                                                                             std::uint32_t chunk) {
  return add_terms<Of>(stride, chunk);
}
#endif

template <class Of>
auto fingerprint_function() {
#if defined(__x86_64__)
  if (has_fma()) return fingerprint_with_fma<Of>;
#endif
  return add_terms<Of>;
}

template <class Of>
std::vector<std::uint32_t> fingerprints_on_host(std::uint32_t stride, std::uint32_t chunks) {
  std::vector<std::uint32_t> sums(chunks);
  const auto fingerprint = fingerprint_function<Of>();
  Team team(usable_cores());
  team.run([&](const Worker& worker) {
    const Share share = worker.share(chunks);
    for (std::int64_t i = share.begin; i < share.end; ++i) {
      const auto chunk = static_cast<std::uint32_t>(i);
      sums[chunk] = fingerprint(stride, chunk);
    }
  });
  return sums;
}

}  // namespace ppo::test
