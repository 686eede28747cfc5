// The output's colours: few, each with one meaning.
#pragma once

#include <string>
#include <string_view>

namespace ppo {

/// Wraps text into the sequences that colour it, or returns it unchanged.
class Style {
 public:
  explicit Style(bool colours = false) : colours_(colours) {}

  std::string dim(std::string_view text) const;      // labels
  std::string bold(std::string_view text) const;     // numbers that matter
  std::string good(std::string_view text) const;     // solved
  std::string caution(std::string_view text) const;  // stopped; notes
  std::string bad(std::string_view text) const;      // errors
  std::string curve(std::string_view text) const;    // of a chart

 private:
  std::string wrapped(std::string_view code, std::string_view text) const;

  bool colours_;
};

}  // namespace ppo
