// The way to an engine in another place: messages go and come whole and in order.
#pragma once

#include <string>

namespace ppo {

class Channel {
 public:
  virtual ~Channel() = default;

  /// May wait until the other end receives.
  virtual void send(std::string message) = 0;

  /// Waits. Where nothing can come any more the process ends.
  virtual std::string receive() = 0;

  /// What stands before the errors of the other end: "rank 3 on node7: ", or nothing.
  virtual std::string prefix() const { return ""; }
};

}  // namespace ppo
