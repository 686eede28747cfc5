#include "training/checkpoints.hpp"

#include <exception>
#include <memory>
#include <new>
#include <string>
#include <system_error>
#include <utility>

#include "run/checkpoint.hpp"
#include "run/checkpoint_files.hpp"
#include "terminal/messages.hpp"

namespace ppo {
namespace {

constexpr const char* kNoMemory = "there is not enough memory for a checkpoint";

}  // namespace

Checkpoints::Checkpoints(RunFolder& folder, const Config& config, const Outcome& outcome,
                         std::optional<std::int64_t> saved_at, double every_seconds)
    : folder_(folder),
      config_(config),
      outcome_(outcome),
      every_seconds_(every_seconds),
      taken_at_(saved_at.value_or(kNotYet)),
      newest_(saved_at) {}

std::int64_t Checkpoints::next(std::int64_t now) const {
  const bool first = taken_at_ == kNotYet;
  if (first || (now > taken_at_ && since_.seconds() >= every_seconds_)) return now;
  const std::int64_t every = config_.run.checkpoint_every;
  if (every == 0) return kNever;
  const bool at_one = now % every == 0 && now > taken_at_;
  return at_one ? now : (now / every + 1) * every;
}

void Checkpoints::take(Engine& engine, std::int64_t update) {
  wait();
  if (failure_ && !told_) {
    say_note(*failure_ + "; training continues " +
             (newest_ == taken_at_ ? "and keeps older checkpoints"
                                   : "without a checkpoint of update " + std::to_string(taken_at_)));
  }
  told_ = failure_.has_value();
  save(engine, update);
}

void Checkpoints::save(const Engine& engine, std::int64_t update) {
  taken_at_ = update;
  since_ = {};
  try {
    write(update, copy_state(config_, engine, outcome_));
  } catch (const std::bad_alloc&) {
    failure_ = kNoMemory;
  }
}

void Checkpoints::write(std::int64_t update, SafeTensorsImage copy) {
  const auto save = [&folder = folder_, update, state = std::make_shared<SafeTensorsImage>(std::move(copy)),
                     keep = static_cast<std::size_t>(config_.run.keep)] {
    Written written;
    try {
      folder.save_checkpoint(update, seal(std::move(*state)));
      written.is_saved = true;
      prune_checkpoints(folder.path(), keep);
    } catch (const std::bad_alloc&) {
      written.failure = kNoMemory;
    } catch (const std::exception& error) {
      written.failure = error.what();
    }
    return written;
  };
  try {
    writing_ = std::async(std::launch::async, save);
  } catch (const std::system_error&) {  // there can be no more threads
    end(save());
  }
}

void Checkpoints::end(Written written) {
  failure_ = std::move(written.failure);
  if (written.is_saved) newest_ = taken_at_;
}

void Checkpoints::take_last(const Engine& engine) {
  wait();
  if (newest_ == outcome_.updates) return;
  save(engine, outcome_.updates);
}

void Checkpoints::wait() {
  if (writing_.valid()) end(writing_.get());
}

}  // namespace ppo
