#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <sys/stat.h>
#include <unistd.h>
#include <vector>

#include <catch2/catch.hpp>

#include "backends/oc/transport.h"

namespace meshproof::oc {
namespace {

using Words = std::vector<std::string>;

/// A program in the place of oc, which writes down how it was called and answers what it is told.
class FakeOc {
 public:
  FakeOc() {
    std::string name = (std::filesystem::temp_directory_path() / "meshproof-oc.XXXXXX").string();
    REQUIRE(::mkdtemp(name.data()) != nullptr);
    folder_ = name;
    write("oc", R"sh(#!/bin/sh
here=${0%/*}
case "$*" in
*"config view"*) printf 'https://api.test:6443'; exit 0 ;;
esac
: > "$here/arguments"
for each; do printf '%s\0' "$each" >> "$here/arguments"; done
cat > "$here/input"
cat "$here/errors" >&2
cat "$here/output"
exit "$(cat "$here/code")"
)sh");
    ::chmod(program().c_str(), 0700);
    answer("{}");
  }
  ~FakeOc() { std::filesystem::remove_all(folder_); }
  FakeOc(const FakeOc&) = delete;
  FakeOc& operator=(const FakeOc&) = delete;

  void answer(const std::string& output, const std::string& errors = {}, int code = 0) const {
    write("output", output);
    write("errors", errors);
    write("code", std::to_string(code));
  }
  [[nodiscard]] std::string program() const { return folder_ + "/oc"; }
  [[nodiscard]] std::string input() const { return read("input"); }
  [[nodiscard]] Words arguments() const {
    std::istringstream all(read("arguments"));
    Words words;
    for (std::string word; std::getline(all, word, '\0');) words.push_back(word);
    return words;
  }

 private:
  void write(const std::string& name, const std::string& text) const {
    std::ofstream(folder_ + '/' + name) << text;
  }
  [[nodiscard]] std::string read(const std::string& name) const {
    std::ostringstream text;
    text << std::ifstream(folder_ + '/' + name).rdbuf();
    return text.str();
  }

  std::string folder_;
};

std::unique_ptr<HttpTransport> open(const FakeOc& oc, std::string context = {}) {
  auto transport = open_transport({.name = oc.program(), .context = std::move(context)});
  REQUIRE(transport.has_value());
  return std::move(*transport);
}

}  // namespace

TEST_CASE("oc is asked with raw paths, which arrive as they are") {
  const FakeOc oc;
  const auto transport = open(oc, "it's $(touch /tmp/x) -- `id`");
  CHECK(transport->server() == "https://api.test:6443");
  const HttpRequest request{.path = "/api/v1/namespaces/$(reboot)/pods/'a' --all?x=\"1\""};
  const auto answer = transport->send(request);
  REQUIRE(answer.has_value());
  CHECK(answer->status == 200);
  CHECK(oc.arguments() ==
        Words{"--context=it's $(touch /tmp/x) -- `id`", "get", "--raw=" + request.path});
}

TEST_CASE("objects are created and deleted by oc with their bodies on standard input") {
  const FakeOc oc;
  const auto transport = open(oc);
  const std::string body = R"({"metadata":{"name":"$(id)'\"` --"}})";
  REQUIRE(
      transport->send({.method = "POST", .path = "/api/v1/namespaces", .body = body}).has_value());
  CHECK(oc.arguments() == Words{"create", "--raw=/api/v1/namespaces", "--filename=-"});
  CHECK(oc.input() == body);
  REQUIRE(transport->send({.method = "DELETE", .path = "/api/v1/namespaces/a", .body = body})
              .has_value());
  CHECK(oc.arguments() == Words{"delete", "--raw=/api/v1/namespaces/a", "--filename=-"});
  CHECK(oc.input() == body);
}

TEST_CASE("patches are those of oc patch, and of oc apply --server-side") {
  const FakeOc oc;
  const auto transport = open(oc);
  const std::string body = R"({"data":{"x":"'$(id)' -- `"}})";
  HttpRequest merge{.method = "PATCH",
                    .path = "/api/v1/namespaces/shop/configmaps/--all?fieldManager=meshproof",
                    .body = body,
                    .content_type = "application/merge-patch+json"};
  REQUIRE(transport->send(merge).has_value());
  CHECK(oc.arguments() == Words{"patch", "--type=merge", "--field-manager=meshproof",
                                "--output=json", "--namespace=shop", "--patch=" + body, "--",
                                "configmaps.v1.", "--all"});
  merge.body = std::string(200'000, ' ') + body;
  REQUIRE(transport->send(merge).has_value());
  CHECK(oc.arguments()[5] == "--patch-file=/dev/stdin");
  CHECK(oc.input() == merge.body);

  HttpRequest apply = merge;
  apply.path += "&force=true";
  apply.content_type = "application/apply-patch+yaml";
  REQUIRE(transport->send(apply).has_value());
  CHECK(oc.arguments() == Words{"apply", "--server-side", "--field-manager=meshproof",
                                "--validate=false", "--output=json", "--show-managed-fields",
                                "--filename=-", "--force-conflicts"});
  CHECK(oc.input() == apply.body);
}

TEST_CASE("a watch by oc gives what comes, line by line") {
  const FakeOc oc;
  const auto transport = open(oc);
  oc.answer("{\"type\":\"ADDED\"}\n{\"type\":\"DELETED\"}\n");
  Words lines;
  const auto answers =
      transport->stream({{.path = "/api/v1/pods?watch=1&timeoutSeconds=10"}},
                        std::chrono::seconds{5}, [&](std::size_t index, std::string_view line) {
                          CHECK(index == 0);
                          lines.emplace_back(line);
                          return true;
                        });
  REQUIRE(answers.has_value());
  CHECK(lines == Words{"{\"type\":\"ADDED\"}", "{\"type\":\"DELETED\"}"});
  CHECK(oc.arguments() == Words{"get", "--raw=/api/v1/pods?watch=1&timeoutSeconds=10"});

  oc.answer({}, "Error from server (Expired): too old resource version\n", 1);
  const auto expired =
      transport->stream({{.path = "/api/v1/pods?watch=1"}}, std::chrono::seconds{5},
                        [](std::size_t, std::string_view) { return true; });
  REQUIRE(expired.has_value());
  CHECK(expired->at(0).status == 410);
}

TEST_CASE("a program that is not there, or names no server, is told") {
  const auto missing = open_transport({.name = "/nonexistent/oc"});
  REQUIRE_FALSE(missing.has_value());
  CHECK(missing.error().find("/nonexistent/oc") != std::string::npos);
  const auto useless = open_transport({.name = "false"});
  REQUIRE_FALSE(useless.has_value());
  CHECK(useless.error() == "false names no server: ");
}

}  // namespace meshproof::oc
