// What docs/ci and docs/RBAC.md give to a cluster is what its API server takes, to the letter: with
// strict validation each key that is not known is an error. Of Tekton's tasks the server knows what
// Tekton's own definition says.

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <functional>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <catch2/catch.hpp>

#include "scenarios/document.h"
#include "tests/cli/live_account.h"
#include "tests/cli/run_cli.h"
#include "tests/support/apiserver/api_client.h"
#include "tests/support/apiserver/live_cluster.h"

using namespace meshproof;

namespace {

const std::string kRoot = MESHPROOF_SOURCE_DIR;
const std::string kDefinitions = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
const std::string kTasks = "/apis/tekton.dev/v1/tasks";

void must(const ApiAnswer& answer) {
  if (!answer.is_ok()) throw std::runtime_error{answer.text()};
}

/// False if it has not come in ten seconds.
bool comes(const std::function<bool()>& is_so) {
  for (int left = 100; left > 0; --left) {
    if (is_so()) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds{100});
  }
  return false;
}

std::vector<Tree> documents_of(const std::string& text) {
  std::vector<Tree> documents;
  for (Document& document : parse_documents(text, {}))
    documents.push_back(std::move(document.tree));
  return documents;
}

/// The server with Tekton's tasks and a project `meshproof`, for as long as this lives.
class Stage {
 public:
  explicit Stage(const TestServer& server) : admin_(server, "kubectl"), asker_(server, "kubectl") {
    wipe_cluster(admin_);
    must(admin_.create(
        documents_of("{apiVersion: v1, kind: Namespace, metadata: {name: meshproof}}").front()));
    const Tree definition =
        parsed_json(read_file(kRoot + "/tests/support/apiserver/tekton-task-crd.json"));
    definition_ = kDefinitions + '/' + std::string{definition.string_at({"metadata", "name"})};
    must(admin_.send("POST", kDefinitions, definition));
    const bool is_served = comes([&] { return admin_.send("GET", kTasks).is_ok(); });
    if (!is_served) throw std::runtime_error{"the server serves no tasks"};
  }
  ~Stage() {
    admin_.send("DELETE", definition_);
    comes([&] { return admin_.send("GET", kTasks).status == 404; });
    wipe_cluster(admin_);
  }
  Stage(const Stage&) = delete;
  Stage& operator=(const Stage&) = delete;

  /// Where an object like this is created.
  [[nodiscard]] std::string path_for(const Tree& object) {
    ObjectKey key = key_of(object);
    const auto& kinds = asker_.kinds();
    const auto kind = std::ranges::find_if(kinds, [&](const ApiKind& each) {
      return each.group == key.group && each.kind == key.kind;
    });
    if (kind == kinds.end()) throw std::runtime_error{"not served: " + key.kind};
    if (kind->is_namespaced && key.ns.empty()) key.ns = "default";
    key.name.clear();
    return asker_.path_of(key);
  }
  /// What `kubectl apply --dry-run=server --validate=strict` asks of something new.
  [[nodiscard]] ApiAnswer try_to_create(const std::string& path, const Tree& object) {
    return asker_.send("POST", path + "?dryRun=All&fieldValidation=Strict", object);
  }

 private:
  ApiClient admin_;
  ApiClient asker_;  ///< asks what is served when tasks are
  std::string definition_;
};

/// Each key that has a meaning, and the object with that one misspelt.
using Misspelt = std::vector<std::pair<std::string, Tree>>;

void misspell(const Tree& root, Tree& part, Misspelt& results) {
  for (TreeField& field : part.fields) {
    const std::string key = field.key;
    field.key += "z";
    results.emplace_back(key, root);
    field.key = key;
    // What these hold is named by whoever writes it.
    const bool is_free = key == "annotations" || key == "labels" || key == "requests";
    if (!is_free) misspell(root, field.value, results);
  }
  for (Tree& item : part.items) misspell(root, item, results);
}

/// It is taken as it is, and not with any key misspelt.
void check_object(Stage& stage, Tree object) {
  const std::string path = stage.path_for(object);
  INFO(path);
  const ApiAnswer answer = stage.try_to_create(path, object);
  INFO(answer.text());
  CHECK(answer.is_ok());
  Misspelt results;
  misspell(object, object, results);
  for (const auto& [key, misspelt] : results) {
    INFO(key << " misspelt");
    CHECK_FALSE(stage.try_to_create(path, misspelt).is_ok());
  }
}

}  // namespace

TEST_CASE("the API server takes the objects of docs/ci, and none with a key misspelt",
          "[apiserver]") {
  const TestServer* server = test_server();
  if (server == nullptr) return;
  Stage stage(*server);
  std::vector<std::string> kinds;
  for (const auto& entry : std::filesystem::directory_iterator(kRoot + "/docs/ci")) {
    if (entry.path().extension() != ".yaml") continue;
    for (const Tree& document : documents_of(read_file(entry.path().string()))) {
      // GitHub's workflow is no object.
      if (document.find("apiVersion") == nullptr) continue;
      INFO(entry.path().filename());
      kinds.emplace_back(document.string_at({"kind"}));
      check_object(stage, document);
    }
  }
  std::ranges::sort(kinds);
  CHECK(kinds ==
        std::vector<std::string>{"CronJob", "Job", "Job", "PersistentVolumeClaim", "Task"});
}

TEST_CASE("the API server takes the rights of docs/RBAC.md, and none with a key misspelt",
          "[apiserver]") {
  const TestServer* server = test_server();
  if (server == nullptr) return;
  Stage stage(*server);
  const std::vector<Tree> objects = documented_objects();
  REQUIRE(objects.size() >= 6);
  for (const Tree& object : objects) check_object(stage, object);
}
