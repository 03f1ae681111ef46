#include "scenarios/scalar.h"

#include <catch2/catch.hpp>

using namespace meshproof;

TEST_CASE("plain scalars are read as kubectl reads them") {
  struct Row {
    const char* text;
    TreeKind kind;
    const char* canonical;
  };
  const auto row = GENERATE(values<Row>({
      {"yes", TreeKind::Boolean, "true"},
      {"On", TreeKind::Boolean, "true"},
      {"TRUE", TreeKind::Boolean, "true"},
      {"no", TreeKind::Boolean, "false"},
      {"off", TreeKind::Boolean, "false"},
      {"yEs", TreeKind::String, "yEs"},
      {"y", TreeKind::String, "y"},
      {"-yes", TreeKind::String, "-yes"},
      {"~", TreeKind::Null, ""},
      {"", TreeKind::Null, ""},
      {"null", TreeKind::Null, ""},
      {"010", TreeKind::Number, "8"},
      {"-010", TreeKind::Number, "-8"},
      {"08", TreeKind::Number, "8"},
      {"0x1F", TreeKind::Number, "31"},
      {"0o17", TreeKind::Number, "15"},
      {"0b101", TreeKind::Number, "5"},
      {"0x", TreeKind::String, "0x"},
      {"1_000", TreeKind::Number, "1000"},
      {"+5", TreeKind::Number, "5"},
      {"-0", TreeKind::Number, "0"},
      {"1e3", TreeKind::Number, "1000"},
      {"0.0", TreeKind::Number, "0"},
      {"-0.0", TreeKind::Number, "0"},
      {"1.50", TreeKind::Number, "1.5"},
      {".5", TreeKind::Number, "0.5"},
      {"1.", TreeKind::Number, "1"},
      {"1e21", TreeKind::Number, "1e+21"},
      {"1e-7", TreeKind::Number, "1e-7"},
      {"9223372036854775807", TreeKind::Number, "9223372036854775807"},
      {"-9223372036854775808", TreeKind::Number, "-9223372036854775808"},
      {"18446744073709551615", TreeKind::Number, "18446744073709551615"},
      {"18446744073709551616", TreeKind::Number, "18446744073709551616"},
      {"1.2.3", TreeKind::String, "1.2.3"},
      {"10.0.0.0/8", TreeKind::String, "10.0.0.0/8"},
      {"2020-01-01", TreeKind::String, "2020-01-01"},
      {"2020-01-01T00:00:00Z", TreeKind::String, "2020-01-01T00:00:00Z"},
      {"12:30:45", TreeKind::String, "12:30:45"},
      {".", TreeKind::String, "."},
      {"-", TreeKind::String, "-"},
      {"e3", TreeKind::String, "e3"},
      {"1e", TreeKind::String, "1e"},
  }));
  CAPTURE(row.text);
  const auto value = resolve_plain_scalar(row.text);
  REQUIRE(value);
  CHECK(value->kind == row.kind);
  CHECK(value->text == row.canonical);
}

TEST_CASE("numbers that JSON cannot write have no value") {
  for (const char* text : {".inf", "-.INF", "+.Inf", ".nan"})
    CHECK_FALSE(resolve_plain_scalar(text));
}
