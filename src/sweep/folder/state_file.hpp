// state.safetensors: where a sweep stands, so that it can go on as if it had never stopped.
//
//   params, moment1, moment2        F32  one agent after the other, of those that are still to train
//   slots.state                     U8   their environments
//   slots.length                    I32
//   slots.return, slots.discounted  F64
//   moments.count                   I64  their running statistics
//   moments.mean, moments.m2        F64
//   powers                          F64  Adam's running products
//   progress                        U8   JSON: trials, their agents, curves and schedules
//   checksum                        U64  FNV-1a of all bytes before it
//
// Metadata: format, numerics_version, sweep (the TOML of the sweep).
#pragma once

#include <filesystem>
#include <string>

#include "sweep/sweep.hpp"

namespace ppo {

/// The file of a sweep that stands there.
std::string state_file(const SweepConfig& sweep, const SweepState& state);

/// Reads it back. Throws Failure(kWrongInput) when it cannot be read, is damaged, or is another sweep's.
SweepState read_state(const SweepConfig& sweep, const std::filesystem::path& file);

}  // namespace ppo
