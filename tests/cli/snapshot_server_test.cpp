#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "backends/curl_transport.h"
#include "backends/process.h"
#include "backends/snapshot/kinds.h"
#include "model/json_value.h"
#include "scenarios/read.h"
#include "tests/backends/live_server.h"
#include "tests/cli/run_cli.h"
#include "tests/support/yaml.h"

/// `snapshot` and commands that read a live cluster, against a real API server.
using namespace meshproof;

namespace {

Input read_whole(const std::string& path) {
  Sources sources;
  Diagnostics told;
  Input input = read_inputs({path}, {}, sources, told);
  REQUIRE_FALSE(has_errors(told));
  return input;
}

std::string kubeconfig() { return std::getenv("KUBECONFIG"); }

/// The blocks of yaml of a document.
std::vector<std::string> yaml_blocks(const std::string& file) {
  const std::string text = read_file(file);
  std::vector<std::string> blocks;
  const std::string begin = "```yaml\n";
  for (std::size_t at = text.find(begin); at != std::string::npos; at = text.find(begin, at)) {
    at += begin.size();
    blocks.push_back(text.substr(at, text.find("```", at) - at));
  }
  return blocks;
}

/// Creates what is not there.
void create_all(LiveCluster& cluster, const std::string& yaml) {
  for (const Object& object : objects_from(yaml)) {
    const auto created = cluster.create(*object.tree);
    INFO(to_string(object.key) << ": " << (created ? "" : created.error().message));
    CHECK((created || created.error().refusal == Refusal::Exists));
  }
}

/// A token of the account, as `oc create token` asks for one.
std::string token_of(const ClusterAddress& address, const std::string& ns,
                     const std::string& account) {
  const auto answer = open_curl_transport(address)->send(
      {.method = "POST",
       .path = "/api/v1/namespaces/" + ns + "/serviceaccounts/" + account + "/token",
       .body = R"({"apiVersion":"authentication.k8s.io/v1","kind":"TokenRequest","spec":{}})",
       .content_type = "application/json"});
  REQUIRE(answer.has_value());
  INFO(answer->body);
  const auto request = parse_json(answer->body);
  REQUIRE(request.has_value());
  const std::string token{request->string_at({"status", "token"})};
  REQUIRE_FALSE(token.empty());
  return token;
}

std::string kubeconfig_with(const TemporaryFolder& folder, const ClusterAddress& address,
                            const std::string& token) {
  const std::string authority = folder.write("ca.pem", address.authority);
  return folder.write("kubeconfig",
                      "apiVersion: v1\nkind: Config\ncurrent-context: here\nclusters: [{name: c, "
                      "cluster: {server: '" +
                          address.server + "', certificate-authority: '" + authority +
                          "'}}]\nusers: [{name: u, user: {token: " + token +
                          "}}]\ncontexts: [{name: here, context: {cluster: c, user: u}}]\n");
}

std::set<ObjectKey> keys_of(const Input& input) {
  std::set<ObjectKey> keys;
  for (const Object& object : input.objects) keys.insert(object.key);
  return keys;
}

}  // namespace

TEST_CASE("a live cluster comes into a file that is read like any other", "[apiserver]") {
  const auto address = live_server();
  if (!address) return;
  const auto cluster = live_cluster(*address);
  const std::string ns = new_namespace(*cluster);
  REQUIRE(cluster->create(config_map(ns, "a", "1")).has_value());
  const TemporaryFolder folder;
  for (const std::string name : {"state.json", "state.json.gz"}) {
    const std::string file = folder.path(name);
    const CliRun run = run_cli({"snapshot", "--kubeconfig", kubeconfig(), "-o", file});
    INFO(run.err);
    REQUIRE(run.code == ExitCode::Success);
    CHECK(run.out.empty());
    CHECK(run.err.empty());
    const Input input = read_whole(file);
    CHECK(input.objects.find(ObjectKey{"", "Namespace", "", ns}) != nullptr);
    CHECK(input.objects.find(config_map_key(ns, "a")) != nullptr);
    CHECK(input.coverage.is_complete());
    REQUIRE(input.coverage.origins.size() == 1);
    const Origin& origin = input.coverage.origins.front();
    CHECK(origin.server == address->server);
    CHECK_FALSE(origin.identity.empty());
    CHECK(origin.time.size() == std::string("2026-11-28T07:00:00Z").size());
    CHECK_FALSE(origin.resource_version.empty());
    CHECK_FALSE(input.coverage.cluster.id().empty());
    for (const ReadKind& kind : read_kinds()) {
      INFO(kind.full_name());
      CHECK_FALSE(input.coverage.lacks({kind.full_name(), ns}));
    }
  }
  CHECK(read_file(folder.path("state.json")).find("managedFields") == std::string::npos);
  CHECK(std::filesystem::file_size(folder.path("state.json.gz")) * 2 <
        std::filesystem::file_size(folder.path("state.json")));
}

TEST_CASE("commands read a live cluster themselves", "[apiserver]") {
  const auto address = live_server();
  if (!address) return;
  const TemporaryFolder folder;
  const CliRun live =
      run_cli({"reach", "--summary", "-o", "json", "--kubeconfig", kubeconfig(), "--quiet"});
  INFO(live.err);
  REQUIRE(live.code == ExitCode::Success);
  const Tree report = json_of(live);
  const Tree* sources = report.find_path({"coverage", "sources"});
  REQUIRE(sources != nullptr);
  REQUIRE(sources->items.size() == 1);
  CHECK(sources->items[0].string_at({"form"}) == "snapshot");
  CHECK(sources->items[0].string_at({"name"}) == address->server);
  CHECK(sources->items[0].string_at({"server"}) == address->server);
}

TEST_CASE("the roles of RBAC.md are enough for a snapshot, and show no Secret", "[apiserver]") {
  const auto address = live_server();
  if (!address) return;
  const auto cluster = live_cluster(*address);
  create_all(*cluster, "{apiVersion: v1, kind: Namespace, metadata: {name: meshproof}}");
  const std::vector<std::string> blocks =
      yaml_blocks(std::string{MESHPROOF_SOURCE_DIR} + "/docs/RBAC.md");
  REQUIRE(blocks.size() == 5);
  for (const std::string& block : blocks) create_all(*cluster, block);

  const TemporaryFolder folder;
  const std::string token = token_of(*address, "meshproof", "meshproof");
  const std::string config = kubeconfig_with(folder, *address, token);
  const std::string file = folder.path("state.json");
  // A new binding may take a moment.
  CliRun run;
  for (int tries = 0; tries < 50; ++tries) {
    run = run_cli({"snapshot", "--kubeconfig", config, "-o", file});
    if (run.code == ExitCode::Success && read_file(file).find("\"denied\"") == std::string::npos) {
      break;
    }
  }
  INFO(run.err);
  REQUIRE(run.code == ExitCode::Success);
  const std::string text = read_file(file);
  CHECK(text.find(token) == std::string::npos);
  CHECK(text.find("\"denied\"") == std::string::npos);
  const Input input = read_whole(file);
  CHECK(input.coverage.is_complete());
  CHECK(input.coverage.origins.at(0).identity == "system:serviceaccount:meshproof:meshproof");

  ClusterAddress reader = *address;
  reader.credentials = {};
  reader.credentials.token = token;
  const auto as_reader = live_cluster(reader);
  for (const char* verb : {"get", "list", "watch"}) {
    const auto may = as_reader->may({.verb = verb, .api_version = "v1", .kind = "Secret"});
    REQUIRE(may.has_value());
    CHECK_FALSE(*may);
  }
  const auto may_write =
      as_reader->may({.verb = "patch", .api_version = "v1", .kind = "Namespace"});
  REQUIRE(may_write.has_value());
  CHECK_FALSE(*may_write);
}

TEST_CASE("without rights a snapshot says what was denied", "[apiserver]") {
  const auto address = live_server();
  if (!address) return;
  const auto cluster = live_cluster(*address);
  const std::string ns = new_namespace(*cluster);
  create_all(
      *cluster,
      "{apiVersion: v1, kind: ServiceAccount, metadata: {name: nobody, namespace: " + ns + "}}");
  const TemporaryFolder folder;
  const std::string config = kubeconfig_with(folder, *address, token_of(*address, ns, "nobody"));
  const std::string file = folder.path("state.json");
  const CliRun run = run_cli({"snapshot", "--kubeconfig", config, "-o", file});
  INFO(run.err);
  REQUIRE(run.code == ExitCode::Success);
  const Input input = read_whole(file);
  const Listing pods = input.coverage.find({"Pod", {}});
  CHECK(pods.collected == Collected::Denied);
  CHECK(pods.reason.find("cannot list resource \"pods\"") != std::string::npos);
  const CliRun refused =
      run_cli({"lint", "--kubeconfig", kubeconfig_with(folder, *address, "not-a-token")});
  CHECK(refused.code == ExitCode::OutputFailed);
  CHECK(refused.err.find("error[cluster-refused]") != std::string::npos);
  CHECK(refused.err.find("not-a-token") == std::string::npos);
}

TEST_CASE("the lines of oc write what is read", "[apiserver]") {
  const auto address = live_server();
  const char* const assets = std::getenv("KUBEBUILDER_ASSETS");
  if (!address || assets == nullptr) return;
  const TemporaryFolder folder;
  const std::string output = folder.path("lines");
  const CliRun lines = run_cli({"snapshot", "--print-oc", "--kubeconfig", kubeconfig(), "--oc",
                                std::string{assets} + "/kubectl", "-o", output});
  REQUIRE(lines.code == ExitCode::Success);
  const auto end =
      run_process({.arguments = {"sh"}, .input = lines.out, .at_most = std::chrono::minutes{5}});
  REQUIRE(end.has_value());
  const std::string file = folder.path("state.json");
  REQUIRE(run_cli({"snapshot", "--kubeconfig", kubeconfig(), "-o", file}).code ==
          ExitCode::Success);
  CHECK(keys_of(read_whole(output)) == keys_of(read_whole(file)));
}
