#include "run/csv/evals_reader.hpp"

#include <string>

#include "run/csv/row_order.hpp"

namespace ppo {
namespace {

class EvalsReader {
 public:
  EvalsReader(CsvReader& csv, const RunExtent& run)
      : csv_(csv),
        run_(run),
        agent_(csv.column("agent")),
        update_(csv.column("update")),
        steps_(csv.column("steps")),
        mean_(csv.column("return_mean")),
        std_(csv.column("return_std")),
        min_(csv.column("return_min")),
        max_(csv.column("return_max")),
        length_(csv.column("length_median")),
        capped_(csv.column("capped")),
        order_(RowOrder::Table::evals, run) {}

  /// Goes to the next row; false at the end.
  bool next() {
    if (!csv_.next()) return false;
    row_ = {.agent = csv_.whole(agent_),
            .update = csv_.whole(update_),
            .steps = csv_.whole(steps_),
            .return_mean = csv_.real(mean_),
            .return_std = csv_.real(std_),
            .return_min = csv_.real(min_),
            .return_max = csv_.real(max_),
            .length_median = csv_.real(length_),
            .capped = csv_.whole(capped_)};
    order_.take(csv_, {row_.update, row_.agent});
    check_steps(csv_, row_.steps, row_.update, run_);
    if (row_.capped < 0) csv_.refuse("capped must be 0 or more");
    return true;
  }

  const EvalsRow& row() const { return row_; }

  /// Whether an evaluation is to come after `update` updates or fewer.
  bool lacks(std::int64_t update) const { return order_.next() && order_.next()->update <= update; }

  [[noreturn]] void refuse_short() const {
    csv_.refuse("the rows end before the evaluation of agent " + std::to_string(order_.next()->agent) +
                " after update " + std::to_string(order_.next()->update));
  }

 private:
  CsvReader& csv_;
  const RunExtent& run_;
  std::size_t agent_, update_, steps_, mean_, std_, min_, max_, length_, capped_;
  RowOrder order_;
  EvalsRow row_;
};

}  // namespace

void read_evals(CsvReader csv, const RunExtent& run, const std::function<void(const EvalsRow&)>& take) {
  EvalsReader reader(csv, run);
  while (reader.next()) take(reader.row());
  // After the last one a run that diverged is not evaluated.
  if (run.updates_made && reader.lacks(*run.updates_made - 1)) reader.refuse_short();
}

std::uintmax_t evals_size(CsvReader csv, const RunExtent& run, std::int64_t update) {
  EvalsReader reader(csv, run);
  while (reader.lacks(update)) {
    if (!reader.next()) reader.refuse_short();
  }
  return csv.bytes_read();
}

}  // namespace ppo
