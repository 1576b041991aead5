#include "base/assert.hpp"

#include <cstdio>
#include <cstdlib>

namespace gridwall::base {

void assertion_failed(const char* file, int line, const char* condition,
                      const std::string& message) {
  std::fprintf(stderr, "%s:%d: assertion failed: %s: %s\n", file, line, condition, message.c_str());
  std::abort();
}

}  // namespace gridwall::base
