// TempFolder: a folder of a test's own that goes with it. In memory where there is such a place: a sync costs nothing
// there, and a test waits for no disk.
#pragma once

#include <stdlib.h>
#include <unistd.h>

#include <filesystem>
#include <string>

#include "base/assert.hpp"

namespace gridwall::test {

class TempFolder {
 public:
  TempFolder() {
    const std::filesystem::path memory = "/dev/shm";
    const bool has_memory = std::filesystem::is_directory(memory) && ::access(memory.c_str(), W_OK) == 0;
    const auto parent = has_memory ? memory : std::filesystem::temp_directory_path();
    std::string name = (parent / "gridwall-test-XXXXXX").string();
    ASSERT(::mkdtemp(name.data()) != nullptr, "no folder for a test below {}", parent.string());
    m_path = name;
  }
  ~TempFolder() {
    std::error_code code;
    std::filesystem::remove_all(m_path, code);
  }
  TempFolder(const TempFolder&) = delete;
  TempFolder& operator=(const TempFolder&) = delete;
  [[nodiscard]] const std::filesystem::path& path() const { return m_path; }
  [[nodiscard]] std::filesystem::path operator/(const std::filesystem::path& name) const { return m_path / name; }

 private:
  std::filesystem::path m_path;
};

// One for everything that this process writes; gone at its end. Tests run beside each other: a file of a fixed name in
// a folder that all share would be another test's.
inline const std::filesystem::path& process_folder() {
  static const TempFolder kFolder;
  return kFolder.path();
}

}  // namespace gridwall::test
