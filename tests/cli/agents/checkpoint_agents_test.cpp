// eval, render and export of a checkpoint, wherever it lies.
#include <sys/stat.h>

#include "cli/agents/agent_runs.hpp"
#include "formats/safetensors.hpp"
#include "ppo/hash.hpp"

namespace ppo::test {
namespace {

namespace fs = std::filesystem;

/// Agents with all that a checkpoint and a policy may hold.
const std::vector<Arguments> kKinds = {
    {},
    {"--num-seeds", "3"},
    {"--env", "pendulum", "--norm-obs", "true", "--norm-reward", "true", "--num-seeds", "2"},
    {"--env", "pendulum", "--norm-reward", "true", "--hidden-size", "32", "--activation", "relu"}};

class CliCheckpointAgents : public CliAgents {
 protected:
  Json eval_json(const std::string& place) const { return Json::parse(output({"eval", place, "--json"})); }

  /// The same without how long they were trained, which is not said of those at a run's end.
  std::string eval(const std::string& place) const {
    Json json = eval_json(place);
    for (Json& agent : json.at("agents")) agent.erase("steps");
    return json.dump(2);
  }

  std::string made(const std::string& file, const Arguments& arguments) const {
    return CliAgents::made(file, arguments, "after 512 steps");
  }

  const std::string second_ = "run/checkpoints/0000000002.safetensors";
  const std::string last_ = "run/checkpoints/0000000006.safetensors";
};

std::string without(std::string text, const std::string& part) {
  const std::size_t place = text.find(part);
  EXPECT_NE(place, std::string::npos) << part;
  return place == std::string::npos ? text : text.erase(place, part.size());
}

TEST_F(CliCheckpointAgents, AreThoseOfARunThatEndedThere) {
  for (const Arguments& kind : kKinds) {
    train("run", kShort + kManyCheckpoints + kind);
    train("short", kShorter + kind);
    EXPECT_EQ(eval(last_), eval("run"));
    EXPECT_EQ(eval(second_), eval("short"));
    EXPECT_NE(eval(second_), eval("run"));
    const Arguments agent = {"--agent", contains(eval("run"), "\"agent\": 1") ? "1" : "0"};
    for (const std::string verb : {"render", "export"}) {
      const std::string ending = verb == "render" ? ".gif" : ".h";
      output(Arguments{verb, "short", "short" + ending} + agent);
      output(Arguments{verb, second_, "second" + ending} + agent);
    }
    EXPECT_TRUE(read_file(at("second.gif")) == read_file(at("short.gif")));
    EXPECT_EQ(without(read_file(at("second.h")), ", after 512 steps"), read_file(at("short.h")));
    for (const char* name : {"run", "short"}) fs::remove_all(at(name));
  }
}

TEST_F(CliCheckpointAgents, FilesGoToTheRunAndReplaceNoneOfItsOwn) {
  train("run", kShort + kManyCheckpoints + Arguments{"--render"});
  const std::string film = read_file(at("run/film.gif"));
  const Arguments before = names_in(at("run/checkpoints"));
  EXPECT_NE(made("run/film-0000000002.gif", {"render", second_}), film);
  made("run/agent-0000000002.onnx", {"export", second_});
  made("run/agent-0000000002.safetensors", {"export", second_, "--format", "safetensors"});
  fs::create_symlink(second_, at("link"));
  made(at("run/film-link.gif"), {"render", "link"});
  EXPECT_EQ(read_file(at("run/film.gif")), film);
  EXPECT_EQ(names_in(at("run/checkpoints")), before);
  resume("run", {"--total-timesteps", "3072"});
}

TEST_F(CliCheckpointAgents, ACopyIsAllThatItTakes) {
  train("run", kShort + kManyCheckpoints + Arguments{"--num-seeds", "2"});
  const std::string expected = eval(second_);
  fs::create_directory(at("elsewhere"));
  fs::rename(at(second_), at("elsewhere/mine.safetensors"));
  fs::copy(at("elsewhere/mine.safetensors"), at("bare"));
  fs::remove_all(at("run"));
  EXPECT_EQ(eval("elsewhere/mine.safetensors"), expected);
  made("elsewhere/film-mine.gif", {"render", "elsewhere/mine.safetensors"});
  made("elsewhere/agent1-mine.h", {"export", "elsewhere/mine.safetensors", "--format", "c", "--agent", "1"});
  made("agent0-bare.safetensors", {"export", "bare", "--format", "safetensors"});
  train("next", kShort + Arguments{"--init-from", "agent0-bare.safetensors"});
}

TEST_F(CliCheckpointAgents, SayHowLongTheyWereTrained) {
  train("run", kShort + kManyCheckpoints + Arguments{"--num-seeds", "2"});
  const std::vector<std::string> text = lines(output({"eval", second_}));
  ASSERT_EQ(text.size(), 2U);
  EXPECT_TRUE(text[0].starts_with("seed 42, after 512 steps: return ")) << text[0];
  EXPECT_TRUE(text[1].starts_with("seed 43, after 512 steps: return ")) << text[1];
  EXPECT_TRUE(output({"eval", "run"}).starts_with("seed 42: return "));
  for (const std::size_t k : {0U, 1U}) {
    EXPECT_EQ(eval_json(second_).at("agents").at(k).at("steps"), 512);
    EXPECT_EQ(eval_json("run").at("agents").at(k).at("steps"), nullptr);
  }
  output({"export", second_, "a.onnx"});
  EXPECT_TRUE(contains(read_file(at("a.onnx")),
                       "steps\x12\x03"
                       "512"));  // as protobuf writes the pair
  output({"export", second_, "a.safetensors"});
  const auto metadata = parse_image(read_file(at("a.safetensors")), "a", "policy").metadata;
  EXPECT_EQ(metadata.at("steps"), "512");
  EXPECT_FALSE(metadata.contains("best"));
}

TEST_F(CliCheckpointAgents, OfADamagedOneAreRefusedAsResumeDoes) {
  train("run", kShort + kManyCheckpoints);
  const std::string whole = read_file(at(second_));
  std::string flipped = whole;
  flipped[whole.size() / 2] ^= 1;
  std::string other = whole;
  const std::string version = "\"numerics_version\":\"";
  ASSERT_NE(other.find(version), std::string::npos);
  other[other.find(version) + version.size()] = '0';
  const std::uint64_t checksum = fnv1a(other.data(), other.size() - sizeof checksum);
  std::memcpy(other.data() + other.size() - sizeof checksum, &checksum, sizeof checksum);
  for (const auto& [bytes, said] :
       {std::pair<std::string, std::string>{flipped, ": damaged: its checksum does not match its contents"},
        {whole.substr(0, 20'000), ": not a readable checkpoint: "},
        {"", ": not a readable checkpoint: "},
        {other,
         " has numerics version '0', this program 2: the bits would not be the same; use the program "
         "that wrote it"}}) {
    folder_.write(second_, bytes);
    folder_.write("copy.safetensors", bytes);
    const std::string error = call({"resume", second_}).err;
    EXPECT_TRUE(contains(error, said)) << error;
    for (const std::string verb : {"eval", "render", "export"}) {
      expect_error({verb, second_}, {error});
      expect_error({verb, "copy.safetensors"}, {"copy.safetensors" + said});
    }
  }
}

TEST_F(CliCheckpointAgents, OfWhatIsNoneAreRefused) {
  train("run", kShort);
  folder_.write("text", "hello");
  ASSERT_EQ(mkfifo(at("pipe").c_str(), 0600), 0);
  for (const std::string verb : {"eval", "render", "export"}) {
    expect_error({verb, "text"}, {"text: not a readable checkpoint: "});
    expect_error({verb, "run/config.toml"}, {"run/config.toml: not a readable checkpoint: "});
    expect_error({verb, "run/policy.safetensors"},
                 {"run/policy.safetensors is a policy, not a checkpoint; write the folder of its run"});
    expect_error({verb, "pipe"}, {"pipe: not a readable checkpoint: it is not a regular file"});
  }
  for (const std::string verb : {"render", "export"}) {
    expect_error({verb, last_, "--agent", "1"}, {"--agent 1: the run has one agent, 0"});
  }
  fs::create_symlink("loop", at("loop"));
  EXPECT_TRUE(contains(call({"eval", "loop"}).err, "cannot read 'loop'"));
}

}  // namespace
}  // namespace ppo::test
