// The order of the rows in a table that has rows of agents, update by update.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <vector>

#include "run/csv/run_extent.hpp"

namespace ppo {

struct RowPlace {
  /// In metrics.csv the row's own, from 0; in evals.csv the number of those before it.
  std::int64_t update = 0;
  std::int64_t agent = 0;
  auto operator<=>(const RowPlace&) const = default;
};

/// Refuses a row of another update.
void check_update(const CsvReader& csv, std::int64_t update, std::int64_t expected);

/// Of metrics.csv every agent has a row an update; of evals.csv one every eval_every updates and one at its
/// end. Where it is unknown when agents have stopped, rows that are missing tell.
class RowOrder {
 public:
  enum class Table { metrics, evals };

  RowOrder(Table table, const RunExtent& run);

  /// Where the next row should be; nothing: there are no more.
  const std::optional<RowPlace>& next() const { return next_; }

  /// The next row is there. Throws Failure(kWrongInput), naming the line, when it should not be.
  void take(const CsvReader& csv, const RowPlace& found);

 private:
  static constexpr std::int64_t kNone = -1;  // as an end: no more rows

  bool has_row(const RowPlace& place) const;
  std::optional<std::int64_t> update_after(std::int64_t update) const;
  std::optional<RowPlace> first_from(RowPlace place) const;
  /// Lets agents stop where the row that was found tells so.
  void infer(const RowPlace& found);

  Table table_;
  std::int64_t eval_every_;
  bool infers_;
  std::vector<std::int64_t> ends_;  // [K]
  RowPlace last_{kNone, 0};
  std::optional<RowPlace> next_;
};

}  // namespace ppo
