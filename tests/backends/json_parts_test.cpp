#include "backends/json_parts.h"

#include <string>

#include <catch2/catch.hpp>

namespace meshproof {

TEST_CASE("the fields of an object are found with their values as they are written") {
  const auto fields =
      json_fields(" {\"a\" : {\"b\":[1,\"]}\"]} ,\n\"c\":\"\\\"}\",\"d\":-1.5e3 ,\"\":null}\n");
  REQUIRE(fields);
  REQUIRE(fields->size() == 4);
  CHECK(json_value(*fields, "a") == R"({"b":[1,"]}"]})");
  CHECK(json_value(*fields, "c") == R"("\"}")");
  CHECK(json_value(*fields, "d") == "-1.5e3");
  CHECK(json_value(*fields, "") == "null");
  CHECK(json_value(*fields, "b").empty());
  CHECK(json_fields("{ }")->empty());
}

TEST_CASE("the items of an array are found as they are written") {
  const auto items = json_array_items(R"([ {"a":"]"} , "x,y",[[1],2] ,true])");
  REQUIRE(items);
  CHECK(*items == std::vector<std::string_view>{R"({"a":"]"})", R"("x,y")", "[[1],2]", "true"});
  CHECK(json_array_items("[]")->empty());
}

TEST_CASE("a text that does not close, or goes on behind its end, has no parts") {
  for (const std::string text :
       {"", "[]", "null", "{", "{\"a\"", "{\"a\":", "{\"a\":1", "{\"a\":1,", "{\"a\":1,}",
        "{\"a\":\"\\", "{\"a\":{\"b\":1}", "{\"a\":1}}", "{\"a\":1 2}", "{a:1}", "{\"a\"1}"}) {
    INFO(text);
    CHECK_FALSE(json_fields(text));
  }
  for (const std::string text : {"", "{}", "[", "[1", "[1,", "[1,]", "[[1]", "[1 2]", "[1]]"}) {
    INFO(text);
    CHECK_FALSE(json_array_items(text));
  }
}

}  // namespace meshproof
