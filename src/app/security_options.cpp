#include "app/security_options.hpp"

#include <cstdlib>

namespace gridwall::app {

using base::Result;

void add_hub_security_options(CommandLine& line, HubSecurityOptions& options) {
  line.option("--keys", options.keys, "key folder ('gridwall keys new hub'): only its clients come in, all encrypted");
  line.flag("--insecure", options.insecure, "without keys, listen to other machines all the same: anybody may write");
  line.option("--audit", options.audit, "folder of the audit log: who asked what, and what was refused");
}

void add_connect_security_options(CommandLine& line, ConnectSecurityOptions& options) {
  line.option("--key", options.key, "our key file ('gridwall keys new client'), for a hub with keys");
  line.flag("--insecure", options.insecure, "without a key, connect to another machine all the same");
}

Result<feed::ConnectSecurity> read_connect_security(const ConnectSecurityOptions& options) {
  feed::ConnectSecurity security;
  security.insecure = options.insecure;
  if (!options.key.empty()) {
    TRY_ASSIGN(security.key, feed::read_client_key(options.key));
  }
  return security;
}

std::filesystem::path default_key_folder() {
  if (const char* xdg = std::getenv("XDG_CONFIG_HOME"); xdg != nullptr && *xdg != '\0') {
    return std::filesystem::path(xdg) / "gridwall" / "keys";
  }
  if (const char* home = std::getenv("HOME"); home != nullptr && *home != '\0') {
    return std::filesystem::path(home) / ".config" / "gridwall" / "keys";
  }
  return "keys";
}

}  // namespace gridwall::app
