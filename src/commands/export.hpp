// The export verb: writes a trained agent in a format for other programs.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>

#include "commands/loaded_agents.hpp"
#include "config/verb.hpp"

namespace ppo {

enum class ExportFormat { onnx, c, safetensors };

struct ExportCommand {
  AgentSource source;
  std::optional<std::filesystem::path> file;  // default: agent.onnx, .h or .safetensors as default_file says
  ExportFormat format = ExportFormat::onnx;
  std::int64_t agent = 0;
};

Verb export_verb();

/// Throws Failure(kWrongInput).
ExportCommand parse_export(const Arguments& arguments);

/// Writes the file and says what it holds. Returns the exit code. Throws Failure.
int run_export(const ExportCommand& command);

}  // namespace ppo
