#include "run/csv/row_order.hpp"

#include <algorithm>
#include <string>

namespace ppo {

void check_update(const CsvReader& csv, std::int64_t update, std::int64_t expected) {
  if (update == expected) return;
  csv.refuse("update " + std::to_string(update) + " where update " + std::to_string(expected) + " should be");
}

RowOrder::RowOrder(Table table, const RunExtent& run)
    : table_(table),
      eval_every_(run.eval_every),
      infers_(run.agents_stop && run.ends.empty()),
      ends_(run.ends) {
  if (ends_.empty()) ends_.assign(static_cast<std::size_t>(run.num_agents), run.num_updates);
  next_ = first_from({0, 0});
}

bool RowOrder::has_row(const RowPlace& place) const {
  const std::int64_t end = ends_[static_cast<std::size_t>(place.agent)];
  if (table_ == Table::metrics) return place.update < end;
  return place.update > 0 && (place.update == end || (place.update < end && place.update % eval_every_ == 0));
}

std::optional<std::int64_t> RowOrder::update_after(std::int64_t update) const {
  const std::int64_t last = *std::ranges::max_element(ends_);
  if (table_ == Table::metrics) return last > update + 1 ? std::optional(update + 1) : std::nullopt;
  if (last <= update) return std::nullopt;
  std::int64_t next = last;
  for (const std::int64_t end : ends_) {
    if (end > update) next = std::min(next, end);
  }
  return std::min(next, (update / eval_every_ + 1) * eval_every_);
}

std::optional<RowPlace> RowOrder::first_from(RowPlace place) const {
  for (;;) {
    for (; place.agent < static_cast<std::int64_t>(ends_.size()); ++place.agent) {
      if (has_row(place)) return place;
    }
    const std::optional<std::int64_t> update = update_after(place.update);
    if (!update) return std::nullopt;
    place = {*update, 0};
  }
}

void RowOrder::infer(const RowPlace& found) {
  while (next_ && found > *next_) {
    ends_[static_cast<std::size_t>(next_->agent)] = kNone;
    next_ = first_from(*next_);
  }
  const bool is_known = found.agent >= 0 && found.agent < static_cast<std::int64_t>(ends_.size());
  if (table_ == Table::metrics || !is_known || found <= last_) return;
  std::int64_t& end = ends_[static_cast<std::size_t>(found.agent)];
  if (end < found.update || found.update % eval_every_ == 0) return;
  end = found.update;  // it is evaluated there for no other reason
  next_ = first_from(found);
}

void RowOrder::take(const CsvReader& csv, const RowPlace& found) {
  if (infers_) infer(found);
  if (!next_) csv.refuse("a row after the last one of its run");
  check_update(csv, found.update, next_->update);
  if (found.agent != next_->agent) {
    csv.refuse("agent " + std::to_string(found.agent) + " where agent " + std::to_string(next_->agent) +
               " of the run's config.toml should be");
  }
  last_ = found;
  next_ = first_from({found.update, found.agent + 1});
}

}  // namespace ppo
