#include "engine/parts/served_engine.hpp"

#include <utility>

namespace ppo {
namespace {

Message request_for(Request asked) {
  Message request;
  request.put(asked);
  return request;
}

/// About an agent, or a number of updates.
Message request_for(Request asked, std::int64_t number) {
  Message request = request_for(asked);
  request.put(number);
  return request;
}

}  // namespace

ServedEngine::ServedEngine(std::unique_ptr<Channel> channel, const EngineOrder& order)
    : channel_(std::move(channel)),
      environment_(find_environment(order.env)->info()),
      population_(order.population) {
  Message request = request_for(Request::make);
  put(request, order);
  send(std::move(request));
}

ServedEngine::~ServedEngine() {
  try {
    while (awaited_ > 0) {
      try {
        receive();
      } catch (const Failure&) {  // what went wrong has been said, or nobody has asked
      }
    }
    ask(request_for(Request::drop));
  } catch (...) {  // it is gone in any case
  }
}

void ServedEngine::wait_until_made() {
  Message answer = receive();
  info_ = get_info(answer);
  batch_ = answer.get<std::int64_t>();
  capacity_ = answer.get<std::int64_t>();
  depth_ = answer.get<int>();
}

void ServedEngine::send(Message request) const {
  channel_->send(request.take());
  ++awaited_;
}

Message ServedEngine::receive() const {
  Message answer(channel_->receive());
  --awaited_;
  const auto code = static_cast<ExitCode>(answer.get<std::int32_t>());
  if (code == kDone) return answer;
  const std::string what = channel_->prefix() + answer.get_text();
  const std::string advice = answer.get_text();
  if (!advice.empty()) throw NotEnoughMemory(what, advice);
  throw Failure(code, what);
}

Message ServedEngine::ask(Message request) const {
  send(std::move(request));
  return receive();
}

void ServedEngine::start(std::int64_t updates) {
  finite_.clear();
  send(request_for(Request::run, updates));
}

std::span<const UpdateRow> ServedEngine::collect() {
  Message answer = receive();
  rows_ = answer.get_all<UpdateRow>();
  batch_ = answer.get<std::int64_t>();
  finite_ = answer.get_all<std::uint8_t>();
  return rows_;
}

std::span<const float> ServedEngine::params(std::int64_t k) const {
  params_ = ask(request_for(Request::params, k)).get_all<float>();
  return params_;
}

bool ServedEngine::has_finite_params(std::int64_t k) const {
  if (finite_.empty()) finite_ = ask(request_for(Request::finite)).get_all<std::uint8_t>();
  return finite_.at(static_cast<std::size_t>(k)) != 0;
}

std::uint64_t ServedEngine::trace_hash(std::int64_t k) const {
  return ask(request_for(Request::trace, k)).get<std::uint64_t>();
}

AgentState ServedEngine::save(std::int64_t k) const {
  Message answer = ask(request_for(Request::save, k));
  return get_state(answer, environment_, population_.sizes);
}

void ServedEngine::load(std::int64_t k, const AgentState& state) {
  finite_.clear();
  Message request = request_for(Request::load, k);
  put(request, state);
  ask(std::move(request));
  population_.agents[static_cast<std::size_t>(k)].seed = state.seed;
}

void ServedEngine::tune(std::int64_t k, const Tuning& tuning) {
  Message request = request_for(Request::tune, k);
  request.put(tuning);
  ask(std::move(request));
  population_.agents[static_cast<std::size_t>(k)] = tuning;
}

void ServedEngine::retire(std::int64_t k) {
  ask(request_for(Request::retire, k));
}

Profile ServedEngine::profile() const {
  return ask(request_for(Request::profile)).get<Profile>();
}

}  // namespace ppo
