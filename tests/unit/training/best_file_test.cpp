// best.safetensors, while a run goes on: what becomes of a version that cannot be written.
#include "training/best_file.hpp"

#include <gtest/gtest.h>

#include <filesystem>

#include "read_file.hpp"
#include "run/train_request.hpp"
#include "temporary_folder.hpp"

namespace ppo::test {
namespace {

namespace fs = std::filesystem;

TEST(BestFile, IsOfTheLatestVersionThatCouldBeWritten) {
  const TemporaryFolder base;
  TrainRequest request;
  request.out = base.path() / "run";
  const RunFolder folder(request);
  const fs::path file = *request.out / "best.safetensors";
  BestFile best(folder);
  best.wait();
  EXPECT_EQ(best.failure(), std::nullopt);
  for (const char* version : {"one", "two", "three"}) best.replace(version);
  best.wait();
  EXPECT_EQ(best.failure(), std::nullopt);
  EXPECT_EQ(read_file(file), "three");

  fs::remove(file);
  fs::create_directory(file);
  best.replace("four");
  best.wait();
  ASSERT_TRUE(best.failure());
  EXPECT_NE(best.failure()->find("run/best.safetensors: Is a directory"), std::string::npos)
      << *best.failure();
  ::testing::internal::CaptureStderr();
  best.say_failure();
  best.say_failure();
  const std::string said = ::testing::internal::GetCapturedStderr();
  EXPECT_NE(said.find("Is a directory; training continues"), std::string::npos) << said;
  EXPECT_EQ(said.find('\n'), said.size() - 1) << said;  // once

  fs::remove(file);
  best.replace("five");
  best.wait();
  EXPECT_EQ(best.failure(), std::nullopt);
  EXPECT_EQ(read_file(file), "five");
}

}  // namespace
}  // namespace ppo::test
