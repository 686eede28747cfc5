// The CUDA engine as the rest of the program sees it. A build without CUDA uses absent.cpp.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "engine/cpu/exchange.hpp"
#include "engine/engine.hpp"
#include "system/errors.hpp"

namespace ppo {

/// There is no usable CUDA device, or the requested one is not usable.
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
  std::string pci;   // where it is, as nvidia-smi names it: "00000000:65:00.0"
  std::string uuid;  // "GPU-65000000-..."
  int major = 0;     // compute capability
  int minor = 0;
  int multiprocessors = 0;
  double ghz = 0;                           // of its multiprocessors, at most; 0: the driver does not say
  std::uint64_t memory = 0;                 // [bytes]
  int resident_blocks = 0;                  // of the training kernel at once; known after opening the device
  std::map<int, int> resident_in_clusters;  // the same by the blocks of a cluster; known to cuda_facts
  std::string problem;                      // why it cannot train; empty if it can
};

/// What `ppo_train info` reports about CUDA.
struct CudaFacts {
  std::string runtime;                     // "13.0", the version this program was built with
  std::vector<std::string> architectures;  // machine code for "sm_75", ..., PTX as of "compute_120"
  std::string driver;                      // newest CUDA the driver supports; empty without a driver
  std::vector<CudaDevice> devices;
  std::string problem;  // why there are no devices
};

bool has_cuda_engine();

/// Whether it trains networks of the config's hidden_size.
bool has_cuda_kernel(const Config& config);

/// Queries the driver; never throws because something is missing. Empty in a build without CUDA.
CudaFacts cuda_facts();

/// Devices that the driver sees, without opening one; 0 without a driver, or in a build without CUDA.
int cuda_device_count();

/// The first device that can train by what the driver says without opening one. Throws NoCudaDevice, also
/// where there is no kernel for the config; Failure(kRunFailed).
CudaDevice first_cuda_device(const Config& config);

/// The engine on the device that config.run.device names ("auto" and "cuda": the first that can train), with
/// these agents, initialised. With an exchange its ranks train each agent together: all call the same
/// functions of their engines in the same order, and `collect` at the same time; a device that fails then
/// ends the process, as the others wait for it. Throws NoCudaDevice; Failure: kWrongInput for more
/// blocks_per_agent than the device holds, kRunFailed when memory runs out or a call fails.
std::unique_ptr<Engine> make_cuda_engine(const Config& config, const Population& population,
                                         Instruments instruments,
                                         std::unique_ptr<RankExchange> exchange = nullptr);

}  // namespace ppo
