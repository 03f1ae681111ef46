#include "reports/hazard_report.h"

#include <string>
#include <vector>

#include <catch2/catch.hpp>

using namespace meshproof;

namespace {

Hazard hazard(const std::string& ns, bool hits) {
  Hazard made;
  made.code = "name-clash-policy";
  made.hits = hits;
  made.joining = true;
  made.mesh = "mesh";
  made.ns = ns;
  made.cause = "a policy is in the way";
  made.left = {"NetworkPolicy a", "RoleBinding b", "RoleBinding c"};
  made.lacks = {"the label member-of=mesh"};
  made.healing = Healing::WhenTouched;
  made.cure = "delete it";
  return made;
}

}  // namespace

TEST_CASE("what hits is told in full, what could happen in one line") {
  CHECK(hazard_lines({hazard("shop", true), hazard("pay", false)}, 100, false) ==
        "What can go wrong\n"
        "  HITS  shop into mesh: a policy is in the way  [name-clash-policy]\n"
        "        leaves shop with NetworkPolicy a, 2 RoleBindings; without the label "
        "member-of=mesh\n"
        "        delete it; heals after that at the next write to the Namespace\n"
        "  1 failure could happen meanwhile: name-clash-policy (--full)\n");
  CHECK(hazard_lines({}, 100, false).empty());
}

TEST_CASE("many projects that fail alike are folded, and not with --full") {
  const std::vector<Hazard> many{hazard("a", true), hazard("b", true), hazard("c", true),
                                 hazard("d", true), hazard("e", true)};
  const std::string folded = hazard_lines(many, 100, false);
  CHECK(folded.find("  and 2 projects more: name-clash-policy") != std::string::npos);
  CHECK(folded.find("HITS  d into") == std::string::npos);
  CHECK(hazard_lines(many, 100, true).find("HITS  e into") != std::string::npos);
}

TEST_CASE("a hostile name in a failure cannot steer a terminal") {
  CHECK(hazard_lines({hazard("\x1b[31m", true)}, 100, false).find('\x1b') == std::string::npos);
}
