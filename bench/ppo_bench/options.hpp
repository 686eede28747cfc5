// What ppo_bench was asked for.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "config/flags.hpp"
#include "measure.hpp"

namespace ppo::bench {

enum class Task {
  teams,      // rates, stages and peaks of teams of several sizes
  num_envs,   // rates with other numbers of environments
  num_seeds,  // rates with other numbers of agents
  scaling,    // what teams of several sizes should reach with a core for each thread
  card,       // what a GPU does besides training
  variant,    // a variant of the CUDA kernel beside the usual one
};

struct Options {
  Plan plan;
  Task task = Task::teams;
  bool sweeps = false;             // both of them after the teams
  bool prints_line = false;        // the result of the teams in one line, and no table
  std::uint32_t variants = 0;      // bits of kernels/variants.hpp
  std::string variant_names = {};  // as they were given
  std::optional<std::filesystem::path> json = {};
};

std::vector<Flag> flags();

/// Throws Failure(kWrongInput).
Options read_options(const Arguments& arguments);

}  // namespace ppo::bench
