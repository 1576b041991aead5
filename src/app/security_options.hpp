// Options of security that several commands have: --keys FOLDER and --audit FOLDER for a hub, --key FILE for whoever
// connects to one, and --insecure for both.
#pragma once

#include <filesystem>
#include <string>

#include "app/command_line.hpp"
#include "base/result.hpp"
#include "feed/connect_security.hpp"

namespace gridwall::app {

struct HubSecurityOptions {
  std::string keys;   // folder; empty: without keys
  std::string audit;  // folder; empty: no audit log
  bool insecure = false;
};
void add_hub_security_options(CommandLine& line, HubSecurityOptions& options);

struct ConnectSecurityOptions {
  std::string key;  // file; empty: without a key
  bool insecure = false;
};
void add_connect_security_options(CommandLine& line, ConnectSecurityOptions& options);
// Errors: a key file that cannot be used.
base::Result<feed::ConnectSecurity> read_connect_security(const ConnectSecurityOptions& options);

// $XDG_CONFIG_HOME/gridwall/keys or ~/.config/gridwall/keys; not made. "keys" where neither is set.
std::filesystem::path default_key_folder();

}  // namespace gridwall::app
