// What a profile calls things: its own classes, channels and departments beside the common ones, and its own words in
// the place of the dictionary's. For showing only: cases are judged by the common tables alone, so that a hub and a
// wall agree under any profile. Test: tests/unit/model/profile_names_test.cpp.
#pragma once

#include <string>
#include <vector>

#include "model/departments.hpp"
#include "model/profile_tables.hpp"
#include "model/vocabulary.hpp"
#include "model/words.hpp"

namespace gridwall::model {

// The common vocabulary with the profile's classes and channels behind it. A class whose code begins with a big class
// that the edition does not have ("G01.02") gets one with the code as its name. What the common tables name stays.
Vocabulary with_own_names(Vocabulary common, const ProfileTables& tables);
// The common departments with the profile's behind them; these handle no class by themselves.
Departments with_own_names(Departments common, const ProfileTables& tables);

// Puts the profile's words in; returns the keys that the dictionary does not have, which change nothing.
std::vector<std::string> override_words(Words& words, const ProfileTables& tables);

}  // namespace gridwall::model
