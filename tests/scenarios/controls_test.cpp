#include "scenarios/controls.h"

#include <algorithm>
#include <set>

#include <catch2/catch.hpp>

#include "tests/support/temporary_folder.h"

using namespace meshproof;

TEST_CASE("the program carries three catalogues of controls, whole") {
  Sources sources;
  const std::vector<ControlCatalogue> own = own_controls(sources);
  REQUIRE(own.size() == 3);
  std::set<std::string> frameworks;
  for (const ControlCatalogue& catalogue : own) {
    frameworks.insert(catalogue.framework);
    CHECK(catalogue.controls.size() >= 5);
    for (const Control& control : catalogue.controls) {
      INFO(catalogue.framework << " " << control.id);
      CHECK_FALSE(control.about.empty());
      CHECK_FALSE(control.supported_by.empty());
    }
  }
  CHECK(frameworks == std::set<std::string>{"NIST SP 800-53", "PCI DSS", "SOC 2"});
}

TEST_CASE("files of controls are read as the carried ones, and told all that is wrong") {
  Sources sources;
  const auto files = read_controls({MESHPROOF_SOURCE_DIR "/docs/controls/soc-2.yaml"}, sources);
  REQUIRE(files.has_value());
  CHECK(files->front().controls.size() == own_controls(sources).back().controls.size());
  const TemporaryFolder folder;
  const std::string path = folder.write("c.yaml",
                                        "apiVersion: meshproof.io/v1\nkind: Controls\n"
                                        "framework: X\nversion: '1'\ncontrols:\n"
                                        "- {id: A, about: b, supportedBy: [matrics]}\n"
                                        "- {id: B, abuot: b, supportedBy: [matrix]}\n");
  const auto wrong = read_controls({path}, sources);
  REQUIRE_FALSE(wrong.has_value());
  std::set<std::string> codes;
  for (const Diagnostic& each : wrong.error()) codes.insert(each.code);
  CHECK(codes == std::set<std::string>{"missing-field", "unknown-evidence", "unknown-field"});
}
