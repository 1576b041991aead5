// CSV: the first row names the columns; a field takes the first of its names that the file has, in any case of letters.
#include <fmt/format.h>

#include <algorithm>

#include "wire/csv_rows.hpp"
#include "wire/feed_records.hpp"

namespace gridwall::wire {

namespace {

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return out;
}

constexpr std::size_t kAbsent = static_cast<std::size_t>(-1);

struct Columns {
  std::vector<std::size_t> of_field;
  std::size_t count = 0;
};

Columns find_columns(const FeedMap& map, const CsvRow& header, FeedRecords& records) {
  std::vector<std::string> names;
  for (const std::string& cell : header.cells) names.push_back(lower(cell));
  std::vector<bool> known(names.size(), false);
  Columns columns{{}, names.size()};
  for (const FeedField& field : map.fields) {
    std::size_t column = kAbsent;
    for (const std::string& alias : field.from) {
      const auto found = std::find(names.begin(), names.end(), lower(alias));
      if (found == names.end()) continue;
      const auto index = static_cast<std::size_t>(found - names.begin());
      known[index] = true;
      if (column == kAbsent) column = index;
    }
    columns.of_field.push_back(column);
  }
  for (const std::string& name : map.dropped) {
    const auto found = std::find(names.begin(), names.end(), lower(name));
    if (found != names.end()) known[static_cast<std::size_t>(found - names.begin())] = true;
  }
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (!known[i]) records.unknown_members.insert(header.cells[i]);
  }
  return columns;
}

// Every fact that a record must have needs its columns, or this is another feed's file.
base::Status check_columns(const FeedMap& map, const Columns& columns, std::uint64_t line_number) {
  for (const FeedFact fact : map.required) {
    const auto& choices = map.facts[static_cast<std::size_t>(fact)];
    const auto has_all = [&](const FeedTemplate& choice) {
      return std::all_of(choice.parts.begin(), choice.parts.end(), [&](const FeedTemplate::Part& part) {
        return !part.field || columns.of_field[*part.field] != kAbsent;
      });
    };
    if (std::any_of(choices.begin(), choices.end(), has_all)) continue;
    std::string wanted;
    for (const FeedTemplate::Part& part : choices.front().parts) {
      if (part.field) wanted += fmt::format("{}'{}'", wanted.empty() ? "" : ", ", map.fields[*part.field].from.front());
    }
    return base::Error{
        base::ErrorCode::Malformed,
        fmt::format("line {}: the header has no column {}; is this the right map?", line_number, wanted)};
  }
  return {};
}

}  // namespace

base::Result<FeedRecords> read_csv_records(const FeedMap& map, std::string_view text) {
  TRY_ASSIGN(auto rows, read_csv(text));
  if (rows.empty()) {
    return base::Error{base::ErrorCode::Malformed, "line 1: the file is empty; expected a header and rows"};
  }
  FeedRecords out;
  out.number_word = "line";
  const Columns columns = find_columns(map, rows.front(), out);
  TRY(check_columns(map, columns, rows.front().line_number));
  out.records.reserve(rows.size() - 1);
  for (std::size_t i = 1; i < rows.size(); ++i) {
    CsvRow& row = rows[i];
    FeedRecord record;
    record.number = row.line_number;
    if (row.cells.size() != columns.count) {
      record.defect = fmt::format("{} cells, and the header has {} columns", row.cells.size(), columns.count);
    }
    for (const std::size_t column : columns.of_field) {
      record.values.push_back(column < row.cells.size() ? row.cells[column] : std::string());
    }
    out.records.push_back(std::move(record));
    row.cells = {};
  }
  return out;
}

}  // namespace gridwall::wire
