// M11: what becomes of the Multus annotation (operator.md 5.3).

#include "model/mesh/multus_annotation.h"

#include <optional>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

namespace meshproof {
namespace {

using Style = NetworksStyle;
using Change = NetworksChange;

struct Row {
  const char* name;
  Style style;
  std::optional<std::string> before;
  Change change;
  std::string after;
};

TEST_CASE("M11: every form of the annotation under every way of writing it") {
  const auto row = GENERATE(values<Row>({
      {"replaced when it is text", Style::Replace, "macvlan", Change::Replaced, "cni"},
      {"replaced when it is JSON", Style::Replace, "[{\"name\":\"macvlan\"}]", Change::Replaced,
       "cni"},
      {"set where there is none", Style::Replace, std::nullopt, Change::Set, "cni"},
      {"set where it is empty", Style::Replace, "", Change::Set, "cni"},
      {"not replaced by itself", Style::Replace, "cni", Change::Listed, "cni"},

      {"before 1.1.5: text after text", Style::AppendText, "macvlan", Change::Appended,
       "macvlan, cni"},
      {"before 1.1.5: text after JSON", Style::AppendText, "[{\"name\":\"a\"}]", Change::Appended,
       "[{\"name\":\"a\"}], cni"},
      {"before 1.1.5: a comma even after nothing", Style::AppendText, "", Change::Appended,
       ", cni"},
      {"before 1.1.5: set where there is none", Style::AppendText, std::nullopt, Change::Set,
       "cni"},

      {"1.1.5, v2.0: text", Style::Append, "macvlan", Change::Appended, "macvlan, cni"},
      {"1.1.5, v2.0: JSON", Style::Append, "[{\"name\":\"a\"}]", Change::Appended,
       "[{\"name\":\"a\"}, {\"name\": \"cni\"}]"},
      {"1.1.5, v2.0: no look at what is listed", Style::Append, "cni", Change::Appended,
       "cni, cni"},
      {"1.1.5, v2.0: nor in JSON", Style::Append, "[{\"name\":\"cni\"}]", Change::Appended,
       "[{\"name\":\"cni\"}, {\"name\": \"cni\"}]"},
      {"1.1.5, v2.0: no look at whether it is JSON", Style::Append, "a]b", Change::Appended,
       "a, {\"name\": \"cni\"}]b"},
      {"1.1.5, v2.0: the last bracket", Style::Append, "[{\"name\":\"a\",\"ips\":[\"10.0.0.1\"]}]",
       Change::Appended, "[{\"name\":\"a\",\"ips\":[\"10.0.0.1\"]}, {\"name\": \"cni\"}]"},
      {"1.1.5, v2.0: an empty list", Style::Append, "[]", Change::Appended,
       "[, {\"name\": \"cni\"}]"},

      {"v2.1: set where there is none", Style::AppendOnce, std::nullopt, Change::Set, "cni"},
      {"v2.1: set where it is empty", Style::AppendOnce, "", Change::Set, "cni"},
      {"v2.1: text", Style::AppendOnce, "macvlan", Change::Appended, "macvlan, cni"},
      {"v2.1: listed in text", Style::AppendOnce, "macvlan , cni ,b", Change::Listed,
       "macvlan , cni ,b"},
      {"v2.1: JSON", Style::AppendOnce, "[{\"name\":\"a\"}]", Change::Appended,
       "[{\"name\":\"a\"}, {\"name\": \"cni\"}]"},
      {"v2.1: listed in JSON", Style::AppendOnce, "[{\"name\":\"a\"},{\"name\":\"cni\"}]",
       Change::Listed, "[{\"name\":\"a\"},{\"name\":\"cni\"}]"},
      {"v2.1: a list of names is no list of objects", Style::AppendOnce, "[\"a\"]",
       Change::Unreadable, "[\"a\"]"},
      {"v2.1: a bracket in text", Style::AppendOnce, "a]b", Change::Unreadable, "a]b"},
      {"v2.1: broken JSON", Style::AppendOnce, "[{\"name\":\"a\"},]", Change::Unreadable,
       "[{\"name\":\"a\"},]"},
      {"v2.1: an empty list becomes no JSON", Style::AppendOnce, "[]", Change::Appended,
       "[, {\"name\": \"cni\"}]"},
      {"v2.1: an object without a list is text", Style::AppendOnce, "{\"name\":\"a\"}",
       Change::Appended, "{\"name\":\"a\"}, cni"},
      {"v2.1: names are compared letter by letter", Style::AppendOnce, "shop/cni@net1",
       Change::Appended, "shop/cni@net1, cni"},
      {"v2.1: also in JSON", Style::AppendOnce, "[{\"name\":\"shop/cni@net1\"}]", Change::Appended,
       "[{\"name\":\"shop/cni@net1\"}, {\"name\": \"cni\"}]"},
  }));
  DYNAMIC_SECTION(row.name) {
    const MergedNetworks merged = merge_networks(row.before, "cni", row.style);
    CHECK(to_string(merged.change) == to_string(row.change));
    CHECK(merged.after == row.after);
  }
}

std::vector<std::string> names(std::string_view value) {
  const auto networks = read_networks(value);
  if (!networks) return {"refused"};
  std::vector<std::string> texts;
  for (const auto& network : *networks) texts.push_back(to_string(network));
  return texts;
}

TEST_CASE("M11: the annotation as Multus reads it") {
  using Names = std::vector<std::string>;
  CHECK(names("").empty());
  CHECK(names("a, net/b@eth1 ,c@eth2") == Names{"a", "net/b@eth1", "c@eth2"});
  CHECK(names("[{\"name\":\"a\",\"namespace\":\"net\",\"interface\":\"eth1\"},{\"name\":\"b\"}]") ==
        Names{"net/a@eth1", "b"});
  for (const char* text :
       {", cni", "a,", "a b", "A", "a/b/c", "a@b@c", "/a", "a@", "-a", "[\"a\"]", "[{}]", "[, {}]",
        "{\"name\":\"a\"}", "{\"name\":\"a\"}, cni", "[{\"name\":\"a\"}], cni", "a]b", "\"a\""}) {
    INFO(text);
    CHECK(names(text) == Names{"refused"});
  }
  CHECK(names("[]").empty());
}

TEST_CASE("M11: lost is what the pod asked for and does not get") {
  const auto lost = [](std::string_view before, std::string_view after) {
    std::vector<std::string> texts;
    for (const auto& network : lost_networks(before, after, "shop")) {
      texts.push_back(to_string(network));
    }
    return texts;
  };
  using Names = std::vector<std::string>;
  CHECK(lost("macvlan, net/b@eth1", "cni") == Names{"macvlan", "net/b@eth1"});
  CHECK(lost("[{\"name\":\"macvlan\"}]", "cni") == Names{"macvlan"});
  CHECK(lost("macvlan", "macvlan, cni").empty());
  CHECK(lost("shop/cni", "cni").empty());
  CHECK(lost("net/cni", "cni") == Names{"net/cni"});
  CHECK(lost("", "cni").empty());
  CHECK(lost("[", "cni").empty());
}

}  // namespace
}  // namespace meshproof
