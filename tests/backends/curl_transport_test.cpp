#include "backends/curl_transport.h"

#include <chrono>
#include <cstdlib>

#include <catch2/catch.hpp>

#include "tests/backends/loopback_server.h"
#include "tests/support/temporary_folder.h"

using namespace meshproof;
using namespace std::chrono_literals;

namespace {

ClusterAddress address_of(const LoopbackServer& server) {
  ClusterAddress address;
  address.server = server.url();
  address.credentials.token = "SECRET";
  return address;
}

HttpRequest get(const std::string& path = "/api") {
  HttpRequest request;
  request.path = path;
  return request;
}

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("a request arrives with what it says, who asks and who we are") {
  LoopbackServer server([](const std::string&) { return reply(201, "made"); });
  const auto transport = open_curl_transport(address_of(server));
  CHECK(transport->server() == server.url());
  HttpRequest request = get("/api/v1/x?limit=5&continue=%2F");
  request.method = "PATCH";
  request.body = "{}";
  request.content_type = "application/merge-patch+json";
  const auto answer = transport->send(request);
  REQUIRE(answer);
  CHECK(answer->status == 201);
  CHECK(answer->body == "made");
  const std::string seen = server.requests().at(0);
  CHECK(has(seen, "PATCH /api/v1/x?limit=5&continue=%2F HTTP/1.1\r\n"));
  CHECK(has(seen, "\r\nAuthorization: Bearer SECRET\r\n"));
  CHECK(has(seen, "\r\nUser-Agent: meshproof/0."));
  CHECK(has(seen, "\r\nAccept: application/json\r\n"));
  CHECK(has(seen, "\r\nAccept-Encoding: gzip\r\n"));
  CHECK(has(seen, "\r\nContent-Type: application/merge-patch+json\r\n"));
  CHECK(seen.ends_with("\r\n\r\n{}"));
}

TEST_CASE("reads share a connection, and each write has one of its own") {
  LoopbackServer server([](const std::string&) { return reply(200, "{}"); });
  const auto transport = open_curl_transport(address_of(server));
  for (int i = 0; i < 3; ++i) REQUIRE(transport->send(get()));
  CHECK(server.connections() == 1);
  HttpRequest write = get();
  write.method = "DELETE";
  REQUIRE(transport->send(write));
  CHECK(server.connections() == 2);
}

TEST_CASE("a write whose connection is cut is sent once, and may have been carried out") {
  LoopbackServer server([](const std::string& request) {
    return request.starts_with("GET") ? reply(200, "{}") : RawReply{};
  });
  const auto transport = open_curl_transport(address_of(server));
  REQUIRE(transport->send(get()));
  HttpRequest write = get();
  write.method = "POST";
  const auto answer = transport->send(write);
  REQUIRE_FALSE(answer);
  CHECK(answer.error().was_sent);
  CHECK_FALSE(answer.error().is_timeout);
  CHECK(has(answer.error().message, server.url() + ": "));
  CHECK(server.requests().size() == 2);
}

TEST_CASE("an answer that is cut off is none") {
  LoopbackServer server([](const std::string&) {
    return RawReply{{"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf"}};
  });
  CHECK_FALSE(open_curl_transport(address_of(server))->send(get()));
}

TEST_CASE("nobody listens: nothing was sent") {
  ClusterAddress address;
  {
    const LoopbackServer server([](const std::string&) { return RawReply{}; });
    address = address_of(server);
  }
  HttpRequest write = get();
  write.method = "POST";
  const auto answer = open_curl_transport(address)->send(write);
  REQUIRE_FALSE(answer);
  CHECK_FALSE(answer.error().was_sent);
  CHECK_FALSE(has(answer.error().message, "SECRET"));
}

TEST_CASE("silence ends a request, and so does its whole time") {
  LoopbackServer silent([](const std::string&) { return RawReply{{}, {}, true}; });
  TransportLimits limits;
  limits.request = 300ms;
  HttpRequest write = get();
  write.method = "POST";
  const auto late = open_curl_transport(address_of(silent), limits)->send(write);
  REQUIRE_FALSE(late);
  CHECK(late.error().is_timeout);
  CHECK(late.error().was_sent);
  TransportLimits impatient;
  impatient.silence = 1s;
  const auto start = std::chrono::steady_clock::now();
  const auto quiet = open_curl_transport(address_of(silent), impatient)->send(get());
  REQUIRE_FALSE(quiet);
  CHECK(quiet.error().is_timeout);
  CHECK(std::chrono::steady_clock::now() - start < 20s);
}

TEST_CASE("packed answers are unpacked, and too large ones refused") {
  // `printf '{"a":1}' | gzip -n`
  const std::string packed(
      "\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03\xab\x56\x4a\x54\xb2\x32\xac\x05\x00\xaf\xac\x1b\x56"
      "\x07\x00\x00\x00",
      27);
  LoopbackServer server([&](const std::string& request) {
    return request.starts_with("GET /large") ? reply(200, std::string(2'000'000, 'x'))
                                             : reply(200, packed, "Content-Encoding: gzip\r\n");
  });
  TransportLimits limits;
  limits.most_bytes = 1U << 20U;
  const auto transport = open_curl_transport(address_of(server), limits);
  const auto answer = transport->send(get());
  REQUIRE(answer);
  CHECK(answer->body == "{\"a\":1}");
  CHECK(transport->send(get("/large")).error().message ==
        server.url() + ": the answer is larger than 1 MiB");
}

TEST_CASE("Retry-After is read, and redirects are not followed") {
  LoopbackServer elsewhere([](const std::string&) { return reply(200, "{}"); });
  LoopbackServer server([&](const std::string& request) {
    return request.starts_with("GET /busy")
               ? reply(429, "busy", "Retry-After: 7\r\n")
               : reply(302, "", "Location: " + elsewhere.url() + "/\r\n");
  });
  const auto transport = open_curl_transport(address_of(server));
  const auto busy = transport->send(get("/busy"));
  CHECK(busy->status == 429);
  CHECK(busy->retry_after == 7s);
  CHECK(transport->send(get())->status == 302);
  CHECK_FALSE(transport->send(get())->retry_after);
  CHECK(elsewhere.connections() == 0);
}

TEST_CASE("a server is who its certificate says, by the authority of the kubeconfig alone") {
  const TemporaryFolder folder;
  const TestCertificate own = make_certificate(folder.path(), "own.test");
  const TestCertificate other = make_certificate(folder.path(), "other.test");
  LoopbackServer server([](const std::string&) { return reply(200, "{}"); }, &own);
  ClusterAddress address = address_of(server);
  const auto refused = [&](const ClusterAddress& at) {
    HttpRequest write = get();
    write.method = "POST";
    const auto answer = open_curl_transport(at)->send(write);
    REQUIRE_FALSE(answer);
    CHECK_FALSE(answer.error().was_sent);
    CHECK(has(answer.error().message, "certificate"));
  };
  refused(address);
  address.authority = other.authority;
  refused(address);
  address.authority = "no PEM";
  CHECK_FALSE(open_curl_transport(address)->send(get()));
  CHECK(server.requests().empty());
  address.authority = own.authority;
  CHECK(open_curl_transport(address)->send(get())->status == 200);
  address.authority.clear();
  address.is_unverified = true;
  CHECK(open_curl_transport(address)->send(get())->status == 200);
}

TEST_CASE("a certificate for another name counts where the kubeconfig gives that name") {
  const TemporaryFolder folder;
  const TestCertificate inner = make_certificate(folder.path(), "inner.test", true);
  LoopbackServer server([](const std::string&) { return reply(200, "{}"); }, &inner);
  ClusterAddress address = address_of(server);
  address.authority = inner.authority;
  CHECK(has(open_curl_transport(address)->send(get()).error().message, "127.0.0.1"));
  address.tls_server_name = "outer.test";
  CHECK(has(open_curl_transport(address)->send(get()).error().message, "outer.test"));
  address.tls_server_name = "inner.test";
  CHECK(open_curl_transport(address)->send(get())->status == 200);
  CHECK(has(server.requests().at(0), "Host: " + server.host() + "\r\n"));
}

TEST_CASE("proxies are those that are named, and loopback addresses need none") {
  LoopbackServer proxy([](const std::string&) { return reply(203, "{}"); });
  LoopbackServer server([](const std::string&) { return reply(200, "{}"); });
  setenv("http_proxy", proxy.url().c_str(), 1);
  setenv("NO_PROXY", "*", 1);
  ClusterAddress address = address_of(server);
  CHECK(open_curl_transport(address)->send(get())->status == 200);
  address.proxy_url = "http://jane:PASSWORD@" + proxy.host();
  CHECK(open_curl_transport(address)->send(get())->status == 203);
  address.proxy_url = "http://jane:PASSWORD@127.0.0.1:1";
  CHECK_FALSE(has(open_curl_transport(address)->send(get()).error().message, "PASSWORD"));
  address.proxy_url = "nonsense://jane:PASSWORD@127.0.0.1:1";
  CHECK_FALSE(has(open_curl_transport(address)->send(get()).error().message, "PASSWORD"));
  unsetenv("http_proxy");
  unsetenv("NO_PROXY");
}
