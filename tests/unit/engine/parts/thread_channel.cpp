#include "thread_channel.hpp"

#include <system_error>
#include <utility>

#include "engine/parts/requests.hpp"

namespace ppo {
namespace {

/// The thread's end.
class OtherEnd : public Channel {
 public:
  OtherEnd(MessageQueue& requests, MessageQueue& answers) : requests_(requests), answers_(answers) {}
  void send(std::string message) override { answers_.push(std::move(message)); }
  std::string receive() override { return requests_.pop(); }

 private:
  MessageQueue& requests_;
  MessageQueue& answers_;
};

}  // namespace

void MessageQueue::push(std::string message) {
  {
    const std::lock_guard lock(mutex_);
    messages_.push_back(std::move(message));
  }
  is_filled_.notify_one();
}

std::string MessageQueue::pop() {
  std::unique_lock lock(mutex_);
  is_filled_.wait(lock, [&] { return !messages_.empty(); });
  std::string message = std::move(messages_.front());
  messages_.pop_front();
  return message;
}

ThreadChannel::ThreadChannel(MakeEngine make) {
  try {
    thread_ = std::thread([this, make = std::move(make)] {
      OtherEnd end(requests_, answers_);
      serve(end, make);
    });
  } catch (const std::system_error& error) {
    throw Failure(kRunFailed, std::string("cannot start a thread: ") + error.what());
  }
}

ThreadChannel::~ThreadChannel() {
  Message end;
  end.put(Request::end);
  requests_.push(end.take());
  thread_.join();
}

}  // namespace ppo
