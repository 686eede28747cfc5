// What is offered where on the command line: the table of verbs and flags, read as the parser reads it.
#include "commands/completions/offers.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "commands/verbs.hpp"
#include "config/environment_names.hpp"
#include "config/presets.hpp"

namespace ppo {
namespace {

using Words = std::vector<std::string>;

Words texts_for(const Words& words) {
  Words texts;
  for (const Offer& offer : offers_for(words).texts) texts.push_back(offer.text);
  return texts;
}

bool offers(const Words& words, const std::string& text) {
  return std::ranges::count(texts_for(words), text) == 1;
}

TEST(Offers, AreTheVerbsFirst) {
  const Words texts = texts_for({""});
  ASSERT_EQ(texts.size(), verbs().size());
  for (std::size_t i = 0; i < texts.size(); ++i) EXPECT_EQ(texts[i], verbs()[i].name);
}

TEST(Offers, AreTheFlagsOfTheVerbAndOfTrainWithoutOne) {
  for (const Verb& verb : verbs()) {
    const Words texts = texts_for({verb.name, "--"});
    EXPECT_EQ(texts.size(), verb.flags.size());
    for (const Flag& flag : verb.flags) EXPECT_EQ(std::ranges::count(texts, flag.name), 1) << flag.name;
  }
  EXPECT_EQ(texts_for({"--quiet", "-"}).size(), texts_for({"train", "-"}).size() - 1);
  EXPECT_TRUE(offers({"-"}, "--version"));
  EXPECT_FALSE(offers({"--quiet", "-"}, "--version"));
}

TEST(Offers, HaveAFewWordsBesideThem) {
  const Offers flags = offers_for({"--"});
  EXPECT_EQ(flags.texts.front().text, "--config");
  EXPECT_EQ(flags.texts.front().help, "TOML file or preset to start from");
  for (const Offer& offer : flags.texts) {
    EXPECT_FALSE(offer.help.empty()) << offer.text;
    EXPECT_EQ(offer.help.find_first_of("\t\n"), std::string::npos) << offer.text;
  }
}

TEST(Offers, LeaveOutFlagsThatAreThere) {
  EXPECT_FALSE(offers({"--lr", "1e-3", "--"}, "--lr"));
  EXPECT_FALSE(offers({"--num_envs=8", "--"}, "--num-envs"));
  EXPECT_TRUE(offers({"--lr", "1e-3", "--"}, "--num-envs"));
}

TEST(Offers, AreValuesBehindAFlag) {
  const Words environments(environment_names().begin(), environment_names().end());
  for (const Words& words : {Words{"--env", ""},
                             {"train", "--env", "cart"},
                             {"--lr", "1", "--env", "--"},
                             {"--env=ca"},
                             {"train", "--quiet", "--env=ca"}}) {
    EXPECT_EQ(texts_for(words), environments) << words.back();
  }
  EXPECT_EQ(texts_for({"--norm-obs", ""}), (Words{"true", "false"}));
  EXPECT_EQ(texts_for({"--norm_obs", ""}), (Words{"true", "false"}));
  EXPECT_EQ(texts_for({"--hidden-size", ""}), (Words{"32", "64", "128", "256"}));
  EXPECT_EQ(texts_for({"--simd", ""}), (Words{"auto", "avx512", "avx2", "neon", "scalar"}));
  EXPECT_EQ(texts_for({"resume", "RUN", "--device", ""}), (Words{"auto", "cpu", "cuda"}));
  EXPECT_EQ(texts_for({"export", "RUN", "--format", ""}), (Words{"onnx", "c", "safetensors"}));
  EXPECT_TRUE(texts_for({"--lr", ""}).empty());
}

TEST(Offers, ArePresetsAndFilesForAConfig) {
  const Offers config = offers_for({"--config", ""});
  EXPECT_EQ(texts_for({"--config", ""}), names_of(training_presets()));
  EXPECT_EQ(config.paths, Offers::Paths::files);
  EXPECT_EQ(config.endings, Words{".toml"});
  EXPECT_EQ(texts_for({"sweep", ""}), names_of(sweep_presets()));
  EXPECT_EQ(offers_for({"sweep", ""}).endings, Words{".toml"});
}

TEST(Offers, ArePathsWhereTheHelpSaysSo) {
  using enum Offers::Paths;
  for (const auto& [words, paths] : {std::pair<Words, Offers::Paths>{{"eval", ""}, folders},
                                     {{"eval", "--episodes", "5", "r"}, folders},
                                     {{"eval", "RUN", ""}, none},
                                     {{"export", "RUN", ""}, files},
                                     {{"export", "RUN", "--best", "FILE", ""}, none},
                                     {{"report", "A", "B", "C", ""}, folders},
                                     {{"report", "A", "--out", ""}, files},
                                     {{"--out", ""}, folders},
                                     {{"--out=runs/"}, folders},
                                     {{"--init-from", ""}, files},
                                     {{"train", ""}, none}}) {
    EXPECT_EQ(offers_for(words).paths, paths) << testing::PrintToString(words);
  }
}

TEST(Offers, TakeAValueThatMayBeLeftOutByItsEnding) {
  EXPECT_EQ(offers_for({"--render", ""}).endings, (Words{".gif", ".png"}));
  EXPECT_TRUE(offers({"--render", "--"}, "--report"));
  EXPECT_EQ(offers_for({"resume", "--render", "a.gif", ""}).paths, Offers::Paths::folders);
  EXPECT_EQ(offers_for({"resume", "--render", "run", ""}).paths, Offers::Paths::none);
}

TEST(Offers, AreNamesForOperandsThatHaveThem) {
  EXPECT_TRUE(offers({"check-env", ""}, "pendulum"));
  EXPECT_TRUE(offers({"help", ""}, "check-env"));
  EXPECT_EQ(texts_for({"completions", ""}), (Words{"bash", "zsh", "fish"}));
  EXPECT_TRUE(texts_for({"check-env", "pendulum", ""}).empty());
  EXPECT_TRUE(texts_for({"no-such-verb", ""}).empty());
  EXPECT_TRUE(texts_for({"no-such-verb", "--"}).empty());
}

TEST(Offers, AreLinesForAScript) {
  EXPECT_EQ(lines_of(offers_for({"--norm-obs", ""})), "names\ntrue\t\nfalse\t\n");
  EXPECT_EQ(lines_of(offers_for({"--render", ""})), "files .gif .png\n");
  EXPECT_EQ(lines_of(offers_for({"eval", ""})), "folders\n");
}

}  // namespace
}  // namespace ppo
