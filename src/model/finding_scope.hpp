// FindingScope: while one lives, the loaders of configuration that run on its thread tell every mistake of a file
// instead of the first: a value that does not fit is noted and read as an empty or least one, a row that does not fit
// is left out. What they return then is for further checks only. Scopes nest; the innermost gets the findings.
// Test: tests/unit/model/config_table_test.cpp, tests/unit/app/check_test.cpp.
#pragma once

#include <vector>

#include "base/result.hpp"

namespace gridwall::model {

class FindingScope {
 public:
  // `findings` must outlive it. One mistake can have several findings at the same line and key: the first says it.
  explicit FindingScope(std::vector<base::Error>& findings);
  ~FindingScope();
  FindingScope(const FindingScope&) = delete;
  FindingScope& operator=(const FindingScope&) = delete;

  // Keeps an error in the scope of this thread; false: there is none.
  static bool keep(const base::Error& error);
  // Whether a loader goes on behind a row: it could be read, or its error is kept.
  static bool go_on(const base::Status& status) { return status.ok() || keep(status.error()); }

 private:
  std::vector<base::Error>* m_outer;
};

}  // namespace gridwall::model
