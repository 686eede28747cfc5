// The CUDA engine as the rest of the program sees it. In a build without CUDA absent.cpp stands behind it.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "engine/engine.hpp"
#include "system/errors.hpp"

namespace ppo {

/// There is no CUDA device that can train, or not the one asked for.
class NoCudaDevice : public Failure {
 public:
  /// "device cuda:1: <reason>; use --device cpu, ..."
  NoCudaDevice(const std::string& device, const std::string& reason_, bool has_card_)
      : Failure(kNoDevice,
                "device " + device + ": " + reason_ + "; use --device cpu, which gives the same result"),
        reason(reason_),
        has_card(has_card_) {}

  std::string reason;  // "no NVIDIA driver was found (libcuda.so.1)"
  bool has_card;       // as far as one can see, a card is there that cannot be used
};

struct CudaDevice {
  int index = 0;
  std::string name;
  int major = 0;  // compute capability
  int minor = 0;
  int multiprocessors = 0;
  std::uint64_t memory = 0;  // [bytes]
  int resident_blocks = 0;   // of the training kernel, at once; known once it has been opened
  std::string problem;       // why it cannot train; empty: it can
};

/// What `info` says of CUDA.
struct CudaFacts {
  std::string runtime;                     // "13.0", which this program was built with
  std::vector<std::string> architectures;  // machine code for "sm_75", ..., PTX as of "compute_120"
  std::string driver;                      // newest CUDA that the driver supports; empty: there is no driver
  std::vector<CudaDevice> devices;
  std::string problem;  // why there are none
};

bool has_cuda_engine();

/// Asks the driver; never throws because something is missing. Empty in a build without CUDA.
CudaFacts cuda_facts();

/// The engine on the device that config.run.device names ("auto" and "cuda": the first that can train), with
/// all agents initialised. Throws NoCudaDevice; Failure: kWrongInput for more blocks_per_agent than the
/// device holds, kRunFailed when memory runs out or a call fails.
std::unique_ptr<Engine> make_cuda_engine(const Config& config, Instruments instruments);

}  // namespace ppo
