#include <chrono>

#include <catch2/catch.hpp>

#include "backends/curl_transport.h"
#include "tests/backends/loopback_server.h"
#include "tests/support/temporary_folder.h"

using namespace meshproof;
using namespace std::chrono_literals;

namespace {

using Lines = std::vector<std::string>;

ClusterAddress address_of(const LoopbackServer& server) {
  ClusterAddress address;
  address.server = server.url();
  return address;
}

std::vector<HttpRequest> gets(const Lines& paths) {
  std::vector<HttpRequest> requests;
  for (const std::string& path : paths) {
    requests.emplace_back();
    requests.back().path = path;
  }
  return requests;
}

std::string chunk(const std::string& text) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string size;
  for (std::size_t rest = text.size(); rest > 0; rest /= 16) size.insert(0, 1, kDigits[rest % 16]);
  return size + "\r\n" + text + "\r\n";
}

const std::string kChunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";

}  // namespace

TEST_CASE("lines that arrive in torn pieces are given whole") {
  LoopbackServer server([](const std::string&) {
    return RawReply{{kChunked + chunk("{\"a\""), chunk(":1}\n{\"b\":2}\n{\"c"), chunk("\":3}\nend"),
                     "0\r\n\r\n"},
                    5ms};
  });
  Lines lines;
  const auto answers = open_curl_transport(address_of(server))
                           ->stream(gets({"/w"}), 20s, [&](std::size_t, std::string_view line) {
                             lines.emplace_back(line);
                             return true;
                           });
  REQUIRE(answers);
  CHECK(answers->at(0).status == 200);
  CHECK(lines == Lines{"{\"a\":1}", "{\"b\":2}", "{\"c\":3}", "end"});
}

TEST_CASE("a last line that was cut off is not given") {
  LoopbackServer server(
      [](const std::string&) { return RawReply{{kChunked + chunk("{\"a\":1}\n{\"b\"")}}; });
  Lines lines;
  const auto answers = open_curl_transport(address_of(server))
                           ->stream(gets({"/w"}), 20s, [&](std::size_t, std::string_view line) {
                             lines.emplace_back(line);
                             return true;
                           });
  REQUIRE(answers);
  CHECK(lines == Lines{"{\"a\":1}"});
}

TEST_CASE("several streams run at once until one of them is enough") {
  LoopbackServer server([](const std::string& request) {
    if (request.starts_with("GET /forbidden")) return reply(403, "no\n");
    const bool talks = request.starts_with("GET /talks");
    return RawReply{{kChunked, talks ? chunk("1\n2\n3\n") : ""}, 50ms, true};
  });
  const auto transport = open_curl_transport(address_of(server));
  Lines lines;
  const auto start = std::chrono::steady_clock::now();
  const auto answers =
      transport->stream(gets({"/silent", "/talks", "/forbidden"}), 30s,
                        [&](std::size_t index, std::string_view line) {
                          lines.push_back(std::to_string(index) + ':' + std::string{line});
                          return lines.size() < 2;
                        });
  CHECK(std::chrono::steady_clock::now() - start < 20s);
  REQUIRE(answers);
  CHECK(lines == Lines{"1:1", "1:2"});
  CHECK(answers->at(0).status == 200);
  CHECK(answers->at(1).status == 200);
  CHECK(answers->at(2).status == 403);
  CHECK(answers->at(2).body == "no\n");
}

TEST_CASE("a stream ends when its time is over") {
  LoopbackServer server([](const std::string& request) {
    return request.starts_with("GET /nothing") ? RawReply{{}, {}, true}
                                               : RawReply{{kChunked}, {}, true};
  });
  const auto start = std::chrono::steady_clock::now();
  const auto answers = open_curl_transport(address_of(server))
                           ->stream(gets({"/silent", "/nothing"}), 300ms,
                                    [](std::size_t, std::string_view) { return true; });
  CHECK(std::chrono::steady_clock::now() - start > 250ms);
  CHECK(std::chrono::steady_clock::now() - start < 20s);
  REQUIRE(answers);
  CHECK(answers->at(0).status == 200);
  CHECK(answers->at(1).status == 0);
}

TEST_CASE("streams that reach nobody fail") {
  ClusterAddress address;
  {
    const LoopbackServer server([](const std::string&) { return RawReply{}; });
    address = address_of(server);
  }
  const auto answers = open_curl_transport(address)->stream(
      gets({"/a", "/b"}), 20s, [](std::size_t, std::string_view) { return true; });
  REQUIRE_FALSE(answers);
  CHECK(answers.error().message.find(address.server) == 0);
}

TEST_CASE("a token's file is read for each request, because it changes") {
  const TemporaryFolder folder;
  LoopbackServer server([](const std::string&) { return reply(200, "{}"); });
  ClusterAddress address = address_of(server);
  address.credentials.token_file = folder.write("token", "ONE\n");
  const auto transport = open_curl_transport(address);
  const HttpRequest request = gets({"/a"}).front();
  REQUIRE(transport->send(request));
  (void)folder.write("token", "TWO");
  REQUIRE(transport->send(request));
  CHECK(server.requests()[0].find("Bearer ONE\r\n") != std::string::npos);
  CHECK(server.requests()[1].find("Bearer TWO\r\n") != std::string::npos);
  (void)folder.write("token", "TWO\r\nX-Evil: 1");
  CHECK(transport->send(request).error().message == "the token has more than one line");
  (void)folder.write("token", "\n");
  const auto empty = transport->send(request);
  REQUIRE_FALSE(empty);
  CHECK_FALSE(empty.error().was_sent);
  CHECK(empty.error().message == "the token file " + folder.path() + "/token is empty");
}

TEST_CASE("a program's credential that is no good any more is made anew, once for a request") {
  const TemporaryFolder folder;
  LoopbackServer server([](const std::string& request) {
    const bool is_good = request.find("Bearer run-2\r\n") != std::string::npos;
    return reply(is_good ? 200 : 401, "{}");
  });
  ClusterAddress address = address_of(server);
  const std::string count = folder.path() + "/count";
  // Each run of it gives another token.
  const std::string program =
      "echo >> " + count +
      "; printf '{\"apiVersion\":\"client.authentication.k8s.io/v1\",\"kind\":"
      "\"ExecCredential\",\"status\":{\"token\":\"run-%s\"}}' $(wc -l < " +
      count + ")";
  address.credentials.exec = ExecCommand{"client.authentication.k8s.io/v1", "sh", {"-c", program}};
  const auto transport = open_curl_transport(address);
  const HttpRequest request = gets({"/a"}).front();
  CHECK(transport->send(request)->status == 200);
  CHECK(transport->send(request)->status == 200);
  CHECK(server.requests().size() == 3);

  address.credentials.exec->arguments.back() = "echo SECRET; echo sign in first >&2; exit 3";
  const auto failed = open_curl_transport(address)->send(request);
  REQUIRE_FALSE(failed);
  CHECK_FALSE(failed.error().was_sent);
  CHECK(failed.error().message == "no credentials by sh: it ends with 3; it says: sign in first");
}
