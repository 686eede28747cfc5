// Whether an NVIDIA card is there, in folders as the kernel shows them.
#include "system/pci.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <string>

#include "temporary_folder.hpp"

namespace ppo::test {
namespace {

namespace fs = std::filesystem;

class PciTest : public ::testing::Test {
 protected:
  void plug_in(const std::string& name, const std::string& vendor, const std::string& type) const {
    fs::create_directories(base_ / name);
    std::ofstream(base_ / name / "vendor") << vendor << '\n';
    std::ofstream(base_ / name / "class") << type << '\n';
  }

  const TemporaryFolder folder_;
  const fs::path& base_ = folder_.path();
};

TEST_F(PciTest, ADisplayControllerOfNvidiaIsACard) {
  for (const char* type : {"0x030000", "0x030200"}) {  // one for a screen, one that only computes
    plug_in("0000:01:00.0", "0x10de", type);
    EXPECT_TRUE(has_nvidia_card(base_)) << type;
  }
}

TEST_F(PciTest, ItIsFoundBehindALinkAndAmongOthers) {
  const fs::path devices = base_ / "devices";
  plug_in("bus/card", "0x10de", "0x030000");
  plug_in("devices/0000:00:00.0", "0x8086", "0x060000");
  plug_in("devices/0000:02:00.0", "0x8086", "0x030000");
  EXPECT_FALSE(has_nvidia_card(devices));
  fs::create_symlink("../bus/card", devices / "0000:01:00.0");
  EXPECT_TRUE(has_nvidia_card(devices));
}

TEST_F(PciTest, NothingElseIsOne) {
  plug_in("0000:00:02.0", "0x8086", "0x030000");  // a display controller of somebody else
  plug_in("0000:01:00.1", "0x10de", "0x040300");  // the sound of a card that is not passed on
  fs::create_directory(base_ / "0000:03:00.0");   // nothing is known of it
  EXPECT_FALSE(has_nvidia_card(base_));
}

TEST_F(PciTest, WithoutAReadableFolderThereIsNone) {
  EXPECT_FALSE(has_nvidia_card(base_ / "none"));
  std::ofstream(base_ / "file") << "0x10de";
  EXPECT_FALSE(has_nvidia_card(base_ / "file"));
  EXPECT_FALSE(has_nvidia_card(base_));
}

}  // namespace
}  // namespace ppo::test
