// SEAT.key and hub.key with any bytes in them: read or refused with the file's name, never a crash.
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "feed/client_list.hpp"
#include "feed/curve_keys.hpp"
#include "fuzz_entry.hpp"

namespace {

const std::filesystem::path& folder() {
  static const std::filesystem::path kFolder = [] {
    std::filesystem::path made = std::filesystem::is_directory("/dev/shm") ? "/dev/shm" : "/tmp";
    made /= "gridwall-fuzz-keys-" + std::to_string(::getpid());
    std::filesystem::create_directories(made);
    std::atexit([] { std::filesystem::remove_all(folder()); });
    return made;
  }();
  return kFolder;
}

void put(const std::filesystem::path& file, std::string_view bytes) {
  std::ofstream(file, std::ios::binary | std::ios::trunc) << bytes;
  std::filesystem::permissions(file, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
}

template <typename Value>
void check(const gridwall::base::Result<Value>& read) {
  if (!read.ok() && read.error().message.find(folder().string()) == std::string::npos) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace gridwall;
  const std::string_view bytes = fuzz::as_text(data, size);
  for (const char* name : {"hub.key", "hub.pub", "desk.key"}) put(folder() / name, bytes);
  const auto key = feed::read_client_key(folder() / "desk.key");
  check(key);
  if (key.ok() && (!feed::is_key_text(key->hub_public_key) || !feed::is_seat(key->seat))) std::abort();
  check(feed::read_hub_key(folder()));
  check(feed::read_hub_public_key(folder()));
  return 0;
}
