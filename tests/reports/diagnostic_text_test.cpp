#include "reports/diagnostic_text.h"

#include <memory>
#include <string>

#include <catch2/catch.hpp>

using namespace meshproof;

namespace {

/// The rendering of an error at a column of a one-line file.
std::string render(const std::string& line, std::uint32_t column, std::size_t width = 100) {
  Sources sources;
  const FileId file = sources.add("a.yaml", std::make_shared<const std::string>(line + "\n"));
  const Diagnostic diagnostic{
      {file, 1, column}, Severity::Error, "bad-port", "'x' is no port", {}, ""};
  return diagnostic_text(diagnostic, sources, {.colour = false, .width = width});
}

}  // namespace

TEST_CASE("a diagnostic shows its place, the line and a caret") {
  CHECK(render("port: x", 7) ==
        "a.yaml:1:7: error[bad-port]: 'x' is no port\n"
        "  port: x\n"
        "        ^\n");
}

TEST_CASE("the caret stands under the character, whatever is before it") {
  CHECK(render("\tport: x", 2) ==
        "a.yaml:1:2: error[bad-port]: 'x' is no port\n"
        "      port: x\n"
        "      ^\n");
  CHECK(render("größe: x", 10) ==
        "a.yaml:1:10: error[bad-port]: 'x' is no port\n"
        "  größe: x\n"
        "         ^\n");
  CHECK(render("日本: x", 9) ==
        "a.yaml:1:9: error[bad-port]: 'x' is no port\n"
        "  日本: x\n"
        "        ^\n");
  CHECK(render("a\x1b: x", 5) ==
        "a.yaml:1:5: error[bad-port]: 'x' is no port\n"
        "  a\\x1b: x\n"
        "         ^\n");
}

TEST_CASE("a caret behind the end of the line stands behind it") {
  CHECK(render("port:", 6) ==
        "a.yaml:1:6: error[bad-port]: 'x' is no port\n"
        "  port:\n"
        "       ^\n");
}

TEST_CASE("a long line is cut around the caret") {
  std::string line(200, 'a');
  line += "HERE";
  line.append(200, 'b');
  std::string expected = "a.yaml:1:201: error[bad-port]: 'x' is no port\n  …";
  expected.append(25, 'a');
  expected += "HERE";
  expected.append(10, 'b');
  expected += "…\n  ";
  expected.append(26, ' ');
  expected += "^\n";
  CHECK(render(line, 201, 44) == expected);
}

TEST_CASE("notes stand below with their own place") {
  Sources sources;
  const FileId file = sources.add("a.yaml", std::make_shared<const std::string>("a: 1\na: 2\n"));
  const Diagnostic diagnostic{{file, 2, 1},
                              Severity::Warning,
                              "duplicate-key",
                              "the key 'a' stands twice",
                              {{{file, 1, 1}, "first here"}},
                              ""};
  CHECK(diagnostic_text(diagnostic, sources) ==
        "a.yaml:2:1: warning[duplicate-key]: the key 'a' stands twice\n"
        "  a: 2\n"
        "  ^\n"
        "a.yaml:1:1: note: first here\n"
        "  a: 1\n"
        "  ^\n");
}

TEST_CASE("without a place the subject leads") {
  const Sources sources;
  const Diagnostic diagnostic{{}, Severity::Error, "cannot-read", "no such file", {}, "x\x1b.yaml"};
  CHECK(diagnostic_text(diagnostic, sources) == "x\\x1b.yaml: error[cannot-read]: no such file\n");
}

TEST_CASE("colour is only there when it is asked for") {
  const Sources sources;
  const Diagnostic diagnostic{{}, Severity::Error, "c", "m", {}, "s"};
  CHECK(diagnostic_text(diagnostic, sources).find('\x1b') == std::string::npos);
  CHECK(diagnostic_text(diagnostic, sources, {.colour = true, .width = 80}).find("\x1b[1;31m") !=
        std::string::npos);
}

TEST_CASE("errors and warnings are counted") {
  const Diagnostic error{{}, Severity::Error, "c", "m", {}, ""};
  const Diagnostic warning{{}, Severity::Warning, "c", "m", {}, ""};
  CHECK(diagnostic_count({error, error, warning}) == "2 errors, 1 warning");
  CHECK(diagnostic_count({warning, warning}) == "2 warnings");
  CHECK(diagnostic_count({}).empty());
}
