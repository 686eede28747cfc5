#include "formats/csv_reader.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <fstream>
#include <limits>
#include <system_error>
#include <utility>

#include "system/errors.hpp"
#include "system/text.hpp"

namespace ppo {
namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

/// Reads all of `cell`; false when it is no such number.
template <class Number>
bool read(std::string_view cell, Number& number) {
  const auto [end, error] = std::from_chars(cell.data(), cell.data() + cell.size(), number);
  return error == std::errc() && end == cell.data() + cell.size();
}

std::unique_ptr<std::istream> open(const std::filesystem::path& file) {
  std::error_code error;
  // Of what is no regular file, say a pipe, reading might never come back.
  if (std::filesystem::is_regular_file(file, error)) {
    auto stream = std::make_unique<std::ifstream>(file, std::ios::binary);
    if (stream->is_open()) return stream;
  }
  throw Failure(kWrongInput, printable(file.native()) + ": cannot be read; is the run folder complete?");
}

}  // namespace

CsvReader::CsvReader(const std::filesystem::path& file, RunEnded ended, std::size_t longest_line)
    : CsvReader(open(file), file.native(), ended, longest_line) {}

CsvReader::CsvReader(std::unique_ptr<std::istream> stream, std::string file, RunEnded ended,
                     std::size_t longest_line)
    : stream_(std::move(stream)), file_(std::move(file)), ended_(ended), line_(longest_line + 1) {
  if (!read_line()) refuse("it has no line of column names");
  names_.assign(cells_.begin(), cells_.end());
}

std::optional<std::size_t> CsvReader::find_column(std::string_view name) const {
  const auto found = std::find(names_.begin(), names_.end(), name);
  if (found == names_.end()) return std::nullopt;
  return static_cast<std::size_t>(found - names_.begin());
}

std::size_t CsvReader::column(std::string_view name) const {
  if (const auto place = find_column(name)) return *place;
  refuse("there is no column " + std::string(name));
}

bool CsvReader::next() {
  if (!read_line()) return false;
  if (cells_.size() == names_.size()) return true;
  refuse(std::to_string(cells_.size()) + " cells under " + std::to_string(names_.size()) + " column names");
}

bool CsvReader::read_line() {
  cells_.clear();
  stream_->getline(line_.data(), static_cast<std::streamsize>(line_.size()));
  if (stream_->bad()) refuse("reading stopped");
  const auto extracted = static_cast<std::size_t>(stream_->gcount());
  if (stream_->eof() && extracted == 0) return false;
  ++line_number_;
  if (stream_->eof()) {  // before the end of the line
    if (ended_ == RunEnded::yes) refuse("the line is cut short");
    return false;
  }
  if (stream_->fail()) refuse("the line has more than " + std::to_string(line_.size() - 1) + " characters");
  bytes_read_ += static_cast<std::uintmax_t>(extracted);
  for (std::string_view rest(line_.data(), extracted - 1);;) {
    const std::size_t comma = rest.find(',');
    cells_.push_back(rest.substr(0, comma));
    if (comma == std::string_view::npos) return true;
    rest.remove_prefix(comma + 1);
  }
}

std::int64_t CsvReader::whole(std::size_t column) const {
  std::int64_t number = 0;
  if (read(cells_[column], number)) return number;
  refuse(names_[column] + " must be a whole number, not " + quote(cells_[column]));
}

double CsvReader::real(std::size_t column) const {
  if (cells_[column].empty()) return kNone;
  double number = 0;
  if (!read(cells_[column], number)) {
    refuse(names_[column] + " must be a number, not " + quote(cells_[column]));
  }
  return std::isfinite(number) ? number : kNone;
}

void CsvReader::refuse(const std::string& problem) const {
  throw Failure(kWrongInput, printable(file_) + ':' +
                                 std::to_string(std::max<std::int64_t>(line_number_, 1)) +
                                 ": damaged: " + problem);
}

}  // namespace ppo
