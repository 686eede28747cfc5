#include "commands/flags/job_flags.hpp"

#include <algorithm>
#include <charconv>

#include "ppo/hash.hpp"
#include "system/errors.hpp"
#include "system/text.hpp"

namespace ppo {
namespace {

constexpr int kMostRanks = 4096;

int ranks_in(const std::string& text) {
  int ranks = 0;
  const char* const end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, ranks);
  if (read.ec == std::errc{} && read.ptr == end && ranks >= 1 && ranks <= kMostRanks) return ranks;
  throw Failure(kWrongInput, "--ranks-per-agent takes a whole number (1 to " + std::to_string(kMostRanks) +
                                 "), not " + quote(text) + "; for example --ranks-per-agent 2");
}

/// "--ranks-per-agent 2", "--ranks_per_agent=2"; 1 where there is none.
int take_ranks_per_agent(std::vector<std::string>& arguments) {
  int ranks = 1;
  for (auto at = arguments.begin(); at != arguments.end();) {
    std::string name = at->substr(0, at->find('='));
    std::ranges::replace(name, '_', '-');
    if (name != "--ranks-per-agent") {
      ++at;
      continue;
    }
    const bool has_value = at->size() > name.size();
    if (!has_value && at + 1 == arguments.end()) return ranks_in("");
    ranks = ranks_in(has_value ? at->substr(name.size() + 1) : at[1]);
    at = arguments.erase(at, at + (has_value ? 1 : 2));
  }
  return ranks;
}

}  // namespace

JobRequest take_job_flags(std::vector<std::string>& arguments) {
  JobRequest request;
  if (std::erase(arguments, "--mpi") > 0) request.join = JobRequest::Join::always;
  if (std::erase(arguments, "--no-mpi") > 0) {
    if (request.join == JobRequest::Join::always)
      throw Failure(kWrongInput, "--mpi and --no-mpi cannot be combined; write one of them");
    request.join = JobRequest::Join::never;
  }
  request.ranks_per_agent = take_ranks_per_agent(arguments);
  request.arguments = kFnvOffset;
  for (const std::string& argument : arguments)
    request.arguments = fnv1a(argument.c_str(), argument.size() + 1, request.arguments);
  return request;
}

}  // namespace ppo
