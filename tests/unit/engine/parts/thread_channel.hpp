// A channel to a thread of its own, which serves engines as long as the channel lives.
#pragma once

#include <condition_variable>
#include <deque>
#include <mutex>
#include <string>
#include <thread>

#include "engine/parts/channel.hpp"
#include "engine/parts/serve.hpp"

namespace ppo {

/// Messages from one thread to another.
class MessageQueue {
 public:
  void push(std::string message);
  std::string pop();  // waits

 private:
  std::mutex mutex_;
  std::condition_variable is_filled_;
  std::deque<std::string> messages_;
};

class ThreadChannel : public Channel {
 public:
  /// Throws Failure(kRunFailed) if the thread cannot be started.
  explicit ThreadChannel(MakeEngine make = make_local_engine);
  ~ThreadChannel() override;

  void send(std::string message) override { requests_.push(std::move(message)); }
  std::string receive() override { return answers_.pop(); }

 private:
  MessageQueue requests_;
  MessageQueue answers_;
  std::thread thread_;
};

}  // namespace ppo
