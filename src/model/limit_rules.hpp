// LimitRules: which limit an incident has, by its class and filing condition (立案条件), and how extensions, suspensions
// and warnings work: config/limits/<id>.toml. Cities differ in all of it; nothing here is code.
// Test: tests/unit/model/limit_rules_test.cpp.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "model/limit.hpp"

namespace gridwall::model {

struct ClassLimit {
  std::string class_code;         // "E01.10", or a big class "E01" for all its classes
  std::string condition;          // filing condition; empty: any
  Limit limit;                    // of handling, from dispatch
  std::vector<Limit> milestones;  // staged limits from dispatch, each on its own clock: guard the site, repair, restore
};

struct LimitRules {
  Limit accept{LimitUnit::UrgentMinute, 15};    // reported -> accepted, or sent out for verification
  Limit file{LimitUnit::UrgentMinute, 30};      // accepted -> filed: 按期立案
  Limit dispatch{LimitUnit::UrgentMinute, 15};  // filed -> dispatched
  Limit verify{LimitUnit::UrgentMinute, 30};    // sent -> done
  Limit check{LimitUnit::UrgentMinute, 30};     // sent -> done
  Limit fallback{LimitUnit::WorkDay, 5};        // handling, of a class without an entry; count 0: none
  int extensions_max = 2;                       // each adds the original limit once; not when overdue already
  int suspensions_max = 1;
  int suspension_days_max = 365;
  bool runs_while_returned = true;              // false: returned cases stand still
  double warn_share = 0.25;                     // near the deadline: that share of the limit is left,
  std::chrono::minutes warn_urgent{30};         // or that much of an `uh` limit
  std::vector<ClassLimit> classes;

  // The entry of the class and condition; else of the class (without condition, or its first); else of its big class;
  // null when none. One hash of the code and no allocation once the classes are indexed.
  [[nodiscard]] const ClassLimit* find(std::string_view class_code, std::string_view condition) const;

  // Brings each class's entries together, in their order, and indexes them; load_limit_rules() has done it.
  void index_classes();
  struct ClassRange {
    std::size_t first = 0, count = 0;
  };
  struct CodeHash {
    using is_transparent = void;
    std::size_t operator()(std::string_view code) const { return std::hash<std::string_view>{}(code); }
  };
  std::unordered_map<std::string, ClassRange, CodeHash, std::equal_to<>> class_index{};
  std::size_t indexed_count = 0;  // entries at the time
};

struct Vocabulary;

base::Result<LimitRules> load_limit_rules(const std::filesystem::path& file);
// A class that the vocabulary does not have is an error with its line.
base::Result<LimitRules> load_limit_rules(const std::filesystem::path& file, const Vocabulary& vocabulary);
// `name` stands for the file in messages.
base::Result<LimitRules> parse_limit_rules(std::string_view text, const std::string& name,
                                           const Vocabulary& vocabulary);

}  // namespace gridwall::model
