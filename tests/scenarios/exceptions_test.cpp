#include "scenarios/exceptions.h"

#include <array>

#include <catch2/catch.hpp>

#include "scenarios/assertions.h"
#include "tests/scenarios/told.h"

using namespace meshproof;

namespace {

using Lines = std::vector<std::string>;

struct Reading {
  Result<Assertions> assertions;
  Lines told;
};

const std::string kHead = "apiVersion: meshproof.io/v1\nkind: Assertions\n";
const std::string kAssertions = kHead + R"(assertions:
- {id: ISO-1, must: deny, from: {ns: a}, to: {ns: b}}
- {id: HYG-1, must: no-shadowed-rules}
)";

Reading read(const std::string& exceptions, const std::string& today = "2026-11-27") {
  constexpr std::array<std::string_view, 1> kBuiltins{"builtin:tenancy"};
  const TemporaryFolder folder;
  Sources sources;
  Diagnostics warnings;
  const std::vector<std::string> files{folder.write("e.yaml", kHead + exceptions),
                                       folder.write("a.yaml", kAssertions)};
  auto assertions = read_assertions(files, sources, warnings, {today, kBuiltins});
  Diagnostics all = assertions ? Diagnostics{} : assertions.error();
  all.insert(all.end(), warnings.begin(), warnings.end());
  Lines told = lines_of(all, sources);
  for (auto& line : told) line = without(line, folder.path() + '/');
  return {std::move(assertions), std::move(told)};
}

std::string entry(const std::string& fields) { return "exceptions:\n- {" + fields + "}\n"; }

const std::string kRest = ", owner: team-pay, ticket: NET-7, expires: 2026-12-31";

}  // namespace

TEST_CASE("exceptions are of assertions of any file, and of built-in statements") {
  const Reading reading = read(R"(groups: {old: {ns: a, app: old}}
exceptions:
- id: E-1
  assertion: ISO-1
  owner: team-pay
  ticket: NET-7
  reason: moves next month
  expires: 2026-12-31
  from: old
  to: {ns: b}
- {id: E-2, assertion: "builtin:tenancy", owner: x, ticket: z, expires: "2026-11-27", to: {mesh: m}}
- {id: E-3, assertion: HYG-1, owner: x, ticket: z, expires: 2026-11-28}
)");
  CHECK(reading.told.empty());
  REQUIRE(reading.assertions);
  const auto& all = reading.assertions->exceptions;
  REQUIRE(all.size() == 3);
  CHECK(all[0].id == "E-1");
  CHECK(all[0].assertion == "ISO-1");
  CHECK(all[0].owner == "team-pay");
  CHECK(all[0].ticket == "NET-7");
  CHECK(all[0].reason == "moves next month");
  CHECK(all[0].expires == "2026-12-31");
  CHECK(all[0].from->name == "old");
  CHECK(all[0].to->namespace_names.front() == "b");
  CHECK(all[0].place.line == 5);
  CHECK(all[1].to->mesh == "m");
  CHECK_FALSE(all[2].from);
}

TEST_CASE("an exception that has expired is told and does not count") {
  const std::string text = entry("id: E-1, assertion: ISO-1" + kRest);
  const Reading last_day = read(text, "2026-12-31");
  CHECK(last_day.told.empty());
  CHECK(last_day.assertions->exceptions.size() == 1);
  const Reading next_day = read(text, "2027-01-01");
  CHECK(next_day.told == Lines{"e.yaml:4:3: warning[expired-exception]: the exception E-1 of ISO-1 "
                               "has expired on 2026-12-31, so what it covers counts again; it is "
                               "team-pay's, see NET-7"});
  REQUIRE(next_day.assertions);
  CHECK(next_day.assertions->exceptions.empty());
}

TEST_CASE("every mistake in a register of exceptions is told") {
  struct Row {
    std::string text;
    Lines told;
  };
  const auto row = GENERATE_COPY(values<Row>({
      {entry("id: E-1, assertion: ISO-1"),
       {"e.yaml:4:3: error[missing-field]: expires is missing",
        "e.yaml:4:3: error[missing-field]: owner is missing",
        "e.yaml:4:3: error[missing-field]: ticket is missing"}},
      {entry("id: E-1, assertion: IS-1" + kRest),
       {"e.yaml:4:24: error[unknown-statement]: there is no assertion with the id IS-1; did you "
        "mean "
        "ISO-1?"}},
      {entry("id: E-1, assertion: builtin:tenacy" + kRest),
       {"e.yaml:4:24: error[unknown-statement]: there is no assertion with the id builtin:tenacy; "
        "did you mean builtin:tenancy?"}},
      {entry("id: E-1, assertion: ISO-1" + kRest) + "- {id: E-1, assertion: HYG-1" + kRest + "}\n",
       {"e.yaml:5:8: error[duplicate-id]: the exception E-1 stands twice (e.yaml:4:8: first "
        "here)"}},
      {entry("id: E-1, assertion: ISO-1, owner: x, ticket: z, expires: 2026-02-30"),
       {"e.yaml:4:61: error[bad-date]: expires is a day of the calendar, YYYY-MM-DD, not "
        "\"2026-02-30\""}},
      {entry("id: E-1, assertion: ISO-1, tickt: z" + kRest),
       {"e.yaml:4:31: error[unknown-field]: there is no field \"tickt\" here; did you mean "
        "ticket?"}},
      {entry("id: E-1, assertion: ISO-1, from: old" + kRest),
       {"e.yaml:4:37: error[unknown-group]: there is no group \"old\""}},
      {entry("id: E-1, assertion: HYG-1, to: {ns: b}" + kRest),
       {"e.yaml:4:35: error[bad-exception]: an exception of no-shadowed-rules covers all of it: "
        "from "
        "and to narrow those of deny, allow and isolate"}},
      {entry("id: E-1, assertion: builtin:tenancy, to: {ns: b}" + kRest),
       {"e.yaml:4:45: error[bad-exception]: an exception of builtin:tenancy covers all of it, or "
        "one "
        "mesh: to: {mesh: NAME}"}},
      {"exceptions: E-1\n",
       {"e.yaml:3:13: error[wrong-type]: `exceptions` is the string `E-1`, not a list"}},
  }));
  CAPTURE(row.text);
  CHECK(read(row.text).told == row.told);
}
