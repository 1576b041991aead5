#include "wire/csv_rows.hpp"

#include <gtest/gtest.h>

namespace gridwall::wire {
namespace {

TEST(CsvRows, each_row_knows_the_line_where_it_begins) {
  const auto rows = read_csv("a,b\r\n1,\"two\nlines, one cell\"\r\n\r\n3,\"say \"\"four\"\"\"\n5,").value();
  ASSERT_EQ(rows.size(), 4u);
  EXPECT_EQ(rows[0].cells, (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(rows[1].cells[1], "two\nlines, one cell");
  EXPECT_EQ(rows[1].line_number, 2u);
  EXPECT_EQ(rows[2].cells[1], "say \"four\"");
  EXPECT_EQ(rows[2].line_number, 5u);
  EXPECT_EQ(rows[3].cells, (std::vector<std::string>{"5", ""}));
  EXPECT_EQ(rows[3].line_number, 6u);
  EXPECT_TRUE(read_csv("").value().empty());
}

TEST(CsvRows, an_open_quote_is_told_with_the_line_of_its_row) {
  const auto rows = read_csv("a,b\n1,2\n3,\"four\n5,6\n");
  ASSERT_FALSE(rows.ok());
  EXPECT_EQ(rows.error().message, "line 3: a quote is opened in the row that begins here and never closed");
}

TEST(CsvRows, cells_and_rows_are_bounded) {
  EXPECT_FALSE(read_csv("\"" + std::string(kCsvCellBytesMax + 1, 'x')).ok());
  const auto wide = read_csv(std::string(kCsvColumnsMax, ','));
  ASSERT_FALSE(wide.ok());
  EXPECT_EQ(wide.error().message, "line 1: more than 1024 columns");
}

}  // namespace
}  // namespace gridwall::wire
