// Runs a fuzz target over a corpus folder without libFuzzer: each file as it is, then with seeded changes.
// Usage: fuzz_<target> [--must-fail] FOLDER. With --must-fail a child process runs it, and only its failure is success.
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "base/random.hpp"
#include "fuzz_entry.hpp"

namespace {

#ifndef GRIDWALL_FUZZ_CHANGES
#define GRIDWALL_FUZZ_CHANGES 2000
#endif
constexpr int kChangesPerFile = GRIDWALL_FUZZ_CHANGES;  // a slow target sets it in tests/fuzz/CMakeLists.txt

void run_one(const std::string& bytes) {
  // An exact copy on the heap, so that an address sanitizer sees any read behind the end.
  const std::vector<std::uint8_t> exact(bytes.begin(), bytes.end());
  LLVMFuzzerTestOneInput(exact.data(), exact.size());
}

std::string changed(std::string bytes, gridwall::base::Random& random) {
  const std::uint64_t change_count = 1 + random.next_below(4);
  for (std::uint64_t i = 0; i < change_count && !bytes.empty(); ++i) {
    const std::size_t at = random.next_below(bytes.size());
    const std::size_t length = 1 + random.next_below(std::min<std::size_t>(16, bytes.size() - at));
    switch (random.next_below(4)) {
      case 0: bytes[at] = static_cast<char>(random.next_below(256)); break;
      case 1: bytes.erase(at, length); break;
      case 2: bytes.insert(random.next_below(bytes.size()), bytes.substr(at, length)); break;
      default: bytes[at] = static_cast<char>(bytes[at] ^ (1 << random.next_below(8))); break;
    }
  }
  return bytes;
}

int run_folder(const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  run_one("");
  for (std::size_t i = 0; i < files.size(); ++i) {
    std::ifstream stream(files[i], std::ios::binary);
    const std::string bytes{std::istreambuf_iterator<char>(stream), {}};
    run_one(bytes);
    gridwall::base::Random random(i + 1);
    for (int change = 0; change < kChangesPerFile; ++change) run_one(changed(bytes, random));
  }
  std::printf("%zu corpus files, %d changes of each\n", files.size(), kChangesPerFile);
  return files.empty() ? 1 : 0;
}

}  // namespace

int main(int argument_count, char** arguments) {
  const bool must_fail = argument_count == 3 && std::string(arguments[1]) == "--must-fail";
  if (!must_fail && argument_count != 2) {
    std::fprintf(stderr, "usage: %s [--must-fail] FOLDER\n", arguments[0]);
    return 2;
  }
  const std::filesystem::path folder = arguments[argument_count - 1];
  if (!std::filesystem::is_directory(folder)) {
    std::fprintf(stderr, "%s: no such folder\n", folder.c_str());
    return 2;
  }
  if (!must_fail) return run_folder(folder);
  const pid_t child = fork();
  if (child == 0) _exit(run_folder(folder));
  int status = 0;
  if (child < 0 || waitpid(child, &status, 0) != child) return 2;
  const bool failed = !WIFEXITED(status) || WEXITSTATUS(status) != 0;
  std::printf(failed ? "the canary was found failing, as it must\n" : "the canary's fault was not found\n");
  return failed ? 0 : 1;
}
