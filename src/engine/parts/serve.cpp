#include "engine/parts/serve.hpp"

#include <exception>
#include <memory>
#include <new>
#include <string>
#include <utility>
#include <vector>

#include "engine/parts/requests.hpp"

namespace ppo {
namespace {

class Service {
 public:
  explicit Service(MakeEngine make) : make_(std::move(make)) {}

  Message answer(Request asked, Message& request) {
    try {
      Message answer = good();
      perform(asked, request, answer);
      return answer;
    } catch (const NotEnoughMemory& failure) {
      return bad(failure.exit_code, failure.need, failure.advice);
    } catch (const Failure& failure) {
      return bad(failure.exit_code, failure.what());
    } catch (const std::bad_alloc&) {
      return bad(kRunFailed, "there is not enough memory; free some, or use a smaller config");
    } catch (const std::exception& error) {
      return bad(kRunFailed, error.what());
    }
  }

 private:
  static Message good() {
    Message answer;
    answer.put<std::int32_t>(kDone);
    return answer;
  }

  static Message bad(ExitCode code, const std::string& what, const std::string& advice = "") {
    Message answer;
    answer.put<std::int32_t>(code);
    answer.put_text(what);
    answer.put_text(advice);
    return answer;
  }

  void perform(Request asked, Message& request, Message& answer) {
    switch (asked) {
      case Request::make:
        return make(get_order(request), answer);
      case Request::drop:
        return engine_.reset();
      case Request::run:
        answer.put_all(engine_->run(request.get<std::int64_t>()));
        answer.put(engine_->batch());
        return answer.put_all(finite());
      case Request::finite:
        return answer.put_all(finite());
      case Request::params:
        return answer.put_all(engine_->params(request.get<std::int64_t>()));
      case Request::save:
        return put(answer, engine_->save(request.get<std::int64_t>()));
      case Request::load: {
        const auto k = request.get<std::int64_t>();
        return engine_->load(k, get_state(request, *environment_, sizes_));
      }
      case Request::tune: {
        const auto k = request.get<std::int64_t>();
        return engine_->tune(k, request.get<Tuning>());
      }
      case Request::retire:
        return engine_->retire(request.get<std::int64_t>());
      case Request::trace:
        return answer.put(engine_->trace_hash(request.get<std::int64_t>()));
      case Request::profile:
        return answer.put(engine_->profile());
      case Request::end:
        return;
    }
  }

  void make(const EngineOrder& order, Message& answer) {
    engine_.reset();  // its memory
    environment_ = &find_environment(order.env)->info();
    sizes_ = order.population.sizes;
    agents_ = order.population.count();
    engine_ = make_(order);
    put(answer, engine_->info());
    answer.put(engine_->batch());
    answer.put(engine_->capacity());
    answer.put(engine_->depth());
  }

  std::vector<std::uint8_t> finite() const {
    std::vector<std::uint8_t> all;
    for (std::int64_t k = 0; k < agents_; ++k) all.push_back(engine_->has_finite_params(k) ? 1 : 0);
    return all;
  }

  MakeEngine make_;
  std::unique_ptr<Engine> engine_;
  const EnvironmentInfo* environment_ = nullptr;
  Sizes sizes_{};
  std::int64_t agents_ = 0;
};

}  // namespace

void serve(Channel& channel, MakeEngine make) {
  Service service(std::move(make));
  for (;;) {
    Message request(channel.receive());
    const auto asked = request.get<Request>();
    if (asked == Request::end) return;
    channel.send(service.answer(asked, request).take());
  }
}

}  // namespace ppo
