// Findings of `gridwall check`: what is wrong where, what was expected, and what to write instead: the nearest of the
// words that may stand there. Made of the loaders' sentences ("file:line: key: expected ..., found ..."), so that a
// loader says a thing once, for the program that needs the file and for the check. Test: tests/unit/app/check_test.cpp.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace gridwall::app {

struct Finding {
  std::string file;
  std::size_t line = 0;  // 0: about the whole file
  std::string key;       // "figure[2].unit"; empty: none in particular
  std::string problem;   // the sentence behind it
  std::string instead;   // what is likely meant; empty: nothing is near
};

Finding finding_of(const base::Error& error);
// The same, with the words that may stand there.
Finding finding_of(const base::Error& error, std::span<const std::string> candidates);

// The candidate with the fewest letters to change; empty: none is near (more than a third of the letters).
std::string nearest(std::string_view word, std::span<const std::string> candidates);

// One place said once, by the first that said it; in order of file and line.
void tidy_findings(std::vector<Finding>& findings);

std::string findings_as_text(std::span<const Finding> findings, std::size_t file_count);
std::string findings_as_json(std::span<const Finding> findings, std::size_t file_count);

}  // namespace gridwall::app
