#include "scenarios/probes.h"

#include <catch2/catch.hpp>

#include "tests/scenarios/told.h"

using namespace meshproof;

TEST_CASE("probes are a list, or a mapping with one, in JSON or YAML") {
  const TemporaryFolder folder;
  Sources sources;
  const char* const texts[] = {
      R"({"probes":[{"src":"a/b","dst":"10.0.0.1","protocol":"UDP","port":53},
                    {"src":"a/b","dst":"svc:a/c","protocol":"ICMP","port":0}]})",
      "- {src: a/b, dst: 10.0.0.1, protocol: UDP, port: 53}\n"
      "- {src: a/b, dst: 'svc:a/c', protocol: ICMP}\n"};
  for (const char* text : texts) {
    const auto probes = read_probes(folder.write("probes.json", text), sources);
    REQUIRE(probes);
    REQUIRE(probes->size() == 2);
    CHECK((*probes)[0].dst == "10.0.0.1");
    CHECK((*probes)[0].protocol == Protocol::Udp);
    CHECK((*probes)[0].port == 53);
    CHECK((*probes)[1].protocol == Protocol::Icmp);
    CHECK((*probes)[1].port == 0);
  }
}

TEST_CASE("every mistake in probes is told") {
  const TemporaryFolder folder;
  Sources sources;
  const auto lines = [&](const char* text) {
    const std::string path = folder.write("p.yaml", text);
    const auto probes = read_probes(path, sources);
    REQUIRE_FALSE(probes);
    std::vector<std::string> told = lines_of(probes.error(), sources);
    for (auto& line : told) line = without(line, folder.path() + '/');
    return told;
  };
  CHECK(lines("- {dst: a/b, protocol: tcp, port: 80}\n- {src: a/b, dst: a/c, port: 70000}\n"
              "- {src: a/b, dst: a/c}\n- x\n- {src: a, dst: b, protocol: ICMP, port: 8}\n") ==
        std::vector<std::string>{
            "p.yaml:1:3: error[missing-field]: src is missing",
            "p.yaml:1:24: error[bad-protocol]: protocol must be TCP, UDP, SCTP or ICMP, not the "
            "string `tcp`",
            "p.yaml:2:30: error[bad-port]: port must be a number from 0 to 65535, not the number "
            "`70000`",
            "p.yaml:3:3: error[missing-field]: port is missing",
            "p.yaml:4:3: error[wrong-type]: a probe must be a mapping, not the string `x`",
            "p.yaml:5:42: error[bad-port]: port must be 0 with ICMP, not the number `8`"});
  CHECK(lines("a: b\n") == std::vector<std::string>{"p.yaml:1:1: error[not-probes]: probes are a "
                                                    "list, or a mapping {\"probes\": [...]}"});
  CHECK(lines("") ==
        std::vector<std::string>{"p.yaml: error[not-probes]: there are no probes in this file"});
}
