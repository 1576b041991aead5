#include "base/json_writer.hpp"

#include <gtest/gtest.h>

#include <limits>

namespace gridwall::base {
namespace {

TEST(JsonWriter, separates_members_and_items_by_commas) {
  JsonWriter json;
  json.begin_object().field("a", 1).key("b").begin_array().value(true).value("x").end_array().field("c", -2.5);
  json.end_object();
  EXPECT_EQ(json.text(), R"({"a":1,"b":[true,"x"],"c":-2.5})");
}

TEST(JsonWriter, escapes_what_json_forbids_and_keeps_chinese) {
  JsonWriter json;
  json.value("\"\\\n\x01 江阴");
  EXPECT_EQ(json.text(), R"("\"\\\n\u0001 江阴")");
}

TEST(JsonWriter, writes_null_for_numbers_that_json_has_not) {
  JsonWriter json;
  json.begin_array().value(std::numeric_limits<double>::quiet_NaN()).value(std::numeric_limits<double>::infinity());
  json.end_array();
  EXPECT_EQ(json.text(), "[null,null]");
}

TEST(JsonWriter, keeps_every_digit_of_64_bit_numbers) {
  JsonWriter json;
  json.begin_array().value(std::numeric_limits<std::uint64_t>::max()).value(std::numeric_limits<std::int64_t>::min());
  json.end_array();
  EXPECT_EQ(json.text(), "[18446744073709551615,-9223372036854775808]");
}

}  // namespace
}  // namespace gridwall::base
