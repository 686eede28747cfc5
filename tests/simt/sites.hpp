// The call sites of a launch, found by where they lie in the source, in a few nanoseconds.
#pragma once

#include <cstddef>
#include <cstdint>

#include "simt/grid.hpp"
#include "simt/runtime.hpp"
#include "simt/sanitizers.hpp"

namespace ppo::simt {

struct Site {
  const char* file = nullptr;
  unsigned line = 0;
  Call call = Call::kSyncBlock;
  bool removed = false;
  std::uint64_t calls = 0;
};

class SiteTable {
 public:
  explicit SiteTable(const std::optional<CallSite>& removed) : removed_(removed) {}

  /// The site of that call, counted once more; one and the same whichever template or translation unit it
  /// comes from. nullptr when there are too many.
  SIMT_UNWATCHED Site* count(Where where, Call call) {
    const unsigned place = place_of(where, call);
    std::size_t i = place % kKeys;
    for (; keys_[i].site != nullptr; i = (i + 1) % kKeys) {
      if (keys_[i].place == place && keys_[i].file == where.file) {
        ++keys_[i].site->calls;
        return keys_[i].site;
      }
    }
    return add(keys_[i], where, call);
  }

  int size() const { return size_; }
  const Site& operator[](int i) const { return sites_[i]; }

 private:
  static constexpr int kKeys = 1024;
  static constexpr int kMaxKeys =
      700;  // so that looking stays short; a file's name may have several addresses
  static constexpr int kMaxSites = 512;

  struct Key {
    const char* file = nullptr;
    unsigned place = 0;  // line and call
    Site* site = nullptr;
  };

  SIMT_UNWATCHED static unsigned place_of(Where where, Call call) {
    return where.line << 4 | static_cast<unsigned>(call);
  }

  Site* add(Key& key, Where where, Call call);

  const std::optional<CallSite>& removed_;
  Key keys_[kKeys];
  Site sites_[kMaxSites];
  int num_keys_ = 0;
  int size_ = 0;
};

}  // namespace ppo::simt
