// KeyFolder: a key folder of one test with clients made as the commands make them, and removed with it.
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "feed/connect_security.hpp"
#include "feed/curve_keys.hpp"
#include "support/temp_folder.hpp"

namespace gridwall::test {

inline constexpr base::UtcTime kKeysMadeAt{std::chrono::hours(490'000)};

class KeyFolder {
 public:
  KeyFolder() {
    const auto made = feed::create_hub_key(path(), kKeysMadeAt);
    ASSERT(made.ok(), "{}", made.error().message);
  }
  KeyFolder(const KeyFolder&) = delete;
  KeyFolder& operator=(const KeyFolder&) = delete;

  [[nodiscard]] std::filesystem::path path() const { return m_folder / "keys"; }
  [[nodiscard]] std::filesystem::path file_of(const std::string& seat) const { return m_folder / (seat + ".key"); }
  [[nodiscard]] std::filesystem::path outside() const { return m_folder.path(); }

  // A seat with a key of its own.
  feed::ConnectSecurity add(const std::string& seat, feed::Roles roles) const {
    const auto made = feed::create_client_key(path(), {seat, roles, file_of(seat), kKeysMadeAt});
    ASSERT(made.ok(), "{}", made.error().message);
    const auto key = feed::read_client_key(file_of(seat));
    ASSERT(key.ok(), "{}", key.error().message);
    return {*key, false};
  }
  void revoke(const std::string& seat_or_key) const {
    const auto revoked = feed::revoke_client_key(path(), seat_or_key, kKeysMadeAt + std::chrono::hours(1));
    ASSERT(revoked.ok(), "{}", revoked.error().message);
  }

 private:
  TempFolder m_folder;
};

inline void write_text(const std::filesystem::path& file, const std::string& text) {
  std::ofstream stream(file, std::ios::binary | std::ios::trunc);
  stream << text;
}

}  // namespace gridwall::test
