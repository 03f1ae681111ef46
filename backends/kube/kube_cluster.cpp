#include "backends/kube/kube_cluster.h"

#include <cstddef>
#include <utility>

#include <fmt/format.h>

#include "backends/kube/client.h"
#include "backends/kube/discovery.h"
#include "backends/kube/list.h"
#include "backends/kube/observation.h"
#include "backends/kube/status.h"
#include "model/tree_json.h"

namespace meshproof {
namespace kube {
namespace {

constexpr std::size_t kPage = 500;
constexpr std::string_view kManager = "fieldManager=meshproof";

std::string json_of(const Tree& tree) {
  std::string text;
  append_json(text, tree);
  return text;
}

/// An object's kind and path.
struct Target {
  ServedKind kind;
  std::string path;
};

ClusterError conflict(int status, std::string message) {
  return {Refusal::Conflict, status, std::move(message)};
}

class KubeCluster final : public LiveCluster {
 public:
  KubeCluster(std::unique_ptr<HttpTransport> transport, Clock& clock, const PatienceLimits& limits)
      : client_(std::move(transport), clock, limits), discovery_(client_) {}

  [[nodiscard]] std::string server() const override { return client_.transport().server(); }

  [[nodiscard]] Answer<std::string> user() override;

  [[nodiscard]] Answer<Served> served() override { return discovery_.served(); }

  [[nodiscard]] Answer<std::optional<Tree>> get(const ObjectKey& key,
                                                std::string_view api_version) override;
  [[nodiscard]] Answer<ListEnd> list(const Collection& collection, const TakeItem& take) override;
  [[nodiscard]] Answer<std::unique_ptr<Observation>> observe(
      std::vector<Collection> collections) override;

  [[nodiscard]] Answer<Tree> create(const Tree& object) override;
  [[nodiscard]] Answer<Tree> apply(const Tree& object) override;
  [[nodiscard]] Answer<Tree> merge(const ObjectKey& key, std::string_view api_version,
                                   const Tree& patch) override;
  [[nodiscard]] Answer<bool> remove(const ObjectKey& key, std::string_view api_version,
                                    std::string_view uid,
                                    std::string_view resource_version) override;

  [[nodiscard]] Answer<bool> may(const AccessRight& right) override;

 private:
  [[nodiscard]] Answer<Target> target_of(const ObjectKey& key, std::string_view api_version);
  [[nodiscard]] Answer<void> pin(const Target& target, const ObjectKey& key, Tree& object);
  [[nodiscard]] Answer<Tree> patch(const Target& target, const ObjectKey& key, std::string query,
                                   std::string content_type, std::string body);

  Client client_;
  Discovery discovery_;
};

Answer<Target> KubeCluster::target_of(const ObjectKey& key, std::string_view api_version) {
  auto found = discovery_.find(api_version, key.kind);
  if (!found) return tl::unexpected(found.error());
  if (key.name.empty() || (found->kind.is_namespaced && key.ns.empty())) {
    return tl::unexpected(ClusterError{
        Refusal::Invalid, 0,
        fmt::format("{} has no {}", to_string(key), key.name.empty() ? "name" : "namespace")});
  }
  std::string path = object_path(found->kind, key.ns, key.name);
  return Target{std::move(found->kind), std::move(path)};
}

Answer<std::string> KubeCluster::user() {
  constexpr std::string_view kReview =
      R"({"apiVersion":"authentication.k8s.io/v1","kind":"SelfSubjectReview"})";
  HttpRequest request;
  request.method = "POST";
  request.path = "/apis/authentication.k8s.io/v1/selfsubjectreviews";
  request.content_type = "application/json";
  request.body = kReview;
  const auto answer = client_.read(request);
  if (!answer) return tl::unexpected(answer.error());
  if (is_success(*answer)) {
    const auto review = object_of(answer);
    if (!review) return tl::unexpected(review.error());
    return std::string{review->string_at({"status", "userInfo", "username"})};
  }
  const ClusterError refusal = refusal_of(*answer);
  if (refusal.refusal == Refusal::Unauthorized) return tl::unexpected(refusal);
  // Kubernetes before 1.28 has no such review, but every OpenShift has this.
  HttpRequest own;
  own.path = "/apis/user.openshift.io/v1/users/~";
  const auto user = client_.read(own);
  if (!user) return tl::unexpected(user.error());
  if (!is_success(*user)) return std::string{};
  const auto object = object_of(user);
  if (!object) return tl::unexpected(object.error());
  return std::string{object->string_at({"metadata", "name"})};
}

Answer<std::optional<Tree>> KubeCluster::get(const ObjectKey& key, std::string_view api_version) {
  const auto target = target_of(key, api_version);
  if (!target) return tl::unexpected(target.error());
  HttpRequest request;
  request.path = target->path;
  const auto answer = client_.read(request);
  if (answer && is_missing_object(*answer, key.name)) return std::nullopt;
  auto object = object_of(answer);
  if (!object) return tl::unexpected(object.error());
  return std::move(*object);
}

Answer<ListEnd> KubeCluster::list(const Collection& collection, const TakeItem& take) {
  const auto found = discovery_.find(collection.api_version, collection.kind);
  if (!found) return tl::unexpected(found.error());
  return list_items(client_, found->kind, collection.ns, kPage, WhenExpired::GoOn, take);
}

Answer<std::unique_ptr<Observation>> KubeCluster::observe(std::vector<Collection> collections) {
  auto observation = std::make_unique<KubeObservation>(client_, discovery_, std::move(collections));
  if (const auto begun = observation->begin(); !begun) return tl::unexpected(begun.error());
  return observation;
}

Answer<Tree> KubeCluster::create(const Tree& object) {
  const ObjectKey key = key_of(object);
  const auto target = target_of(key, object.string_at({"apiVersion"}));
  if (!target) return tl::unexpected(target.error());
  HttpRequest request;
  request.method = "POST";
  request.path = fmt::format("{}?{}", collection_path(target->kind, key.ns), kManager);
  request.content_type = "application/json";
  request.body = json_of(object);
  const auto answer = client_.write(request);
  if (answer && answer->status == 404) {
    // The namespace is missing, as long as the kind is there.
    ClusterError error = refusal_of(*answer);
    if (is_missing_object(*answer, key.ns)) error.refusal = Refusal::Invalid;
    return tl::unexpected(std::move(error));
  }
  return object_of(answer);
}

Answer<Tree> KubeCluster::patch(const Target& target, const ObjectKey& key, std::string query,
                                std::string content_type, std::string body) {
  HttpRequest request;
  request.method = "PATCH";
  request.path = fmt::format("{}?{}", target.path, query);
  request.content_type = std::move(content_type);
  request.body = std::move(body);
  const auto answer = client_.write(request);
  // It has been deleted since it was read.
  if (answer && is_missing_object(*answer, key.name)) {
    return tl::unexpected(conflict(404, refusal_of(*answer).message));
  }
  return object_of(answer);
}

/// A resourceVersion alone does not keep the server from creating the object anew if it has been
/// deleted; a uid does.
Answer<void> KubeCluster::pin(const Target& target, const ObjectKey& key, Tree& object) {
  const std::string_view version = object.string_at({"metadata", "resourceVersion"});
  if (version.empty() || !object.string_at({"metadata", "uid"}).empty()) return {};
  HttpRequest request;
  request.path = target.path;
  const auto answer = client_.read(request);
  const auto current = object_of(answer);
  if (answer && is_missing_object(*answer, key.name)) {
    return tl::unexpected(conflict(404, fmt::format("{} is not there", to_string(key))));
  }
  if (!current) return tl::unexpected(current.error());
  if (current->string_at({"metadata", "resourceVersion"}) != version) {
    return tl::unexpected(
        conflict(409, fmt::format("{} has changed since it was read", to_string(key))));
  }
  const std::string_view uid = current->string_at({"metadata", "uid"});
  object.find("metadata")->set("uid", Tree::string(std::string{uid}));
  return {};
}

Answer<Tree> KubeCluster::apply(const Tree& object) {
  const ObjectKey key = key_of(object);
  const auto target = target_of(key, object.string_at({"apiVersion"}));
  if (!target) return tl::unexpected(target.error());
  Tree applied = object;
  // The server refuses to be told whose the fields are.
  if (Tree* metadata = applied.find("metadata")) metadata->erase("managedFields");
  if (auto pinned = pin(*target, key, applied); !pinned) return tl::unexpected(pinned.error());
  return patch(*target, key, fmt::format("{}&force=true", kManager), "application/apply-patch+yaml",
               json_of(applied));
}

Answer<Tree> KubeCluster::merge(const ObjectKey& key, std::string_view api_version,
                                const Tree& patch_tree) {
  const auto target = target_of(key, api_version);
  if (!target) return tl::unexpected(target.error());
  return patch(*target, key, std::string{kManager}, "application/merge-patch+json",
               json_of(patch_tree));
}

Answer<bool> KubeCluster::remove(const ObjectKey& key, std::string_view api_version,
                                 std::string_view uid, std::string_view resource_version) {
  const auto target = target_of(key, api_version);
  if (!target) return tl::unexpected(target.error());
  Tree options = Tree::mapping({{"apiVersion", Tree::string("v1")},
                                {"kind", Tree::string("DeleteOptions")},
                                {"propagationPolicy", Tree::string("Background")}});
  Tree preconditions = Tree::mapping();
  if (!uid.empty()) preconditions.set("uid", Tree::string(std::string{uid}));
  if (!resource_version.empty()) {
    preconditions.set("resourceVersion", Tree::string(std::string{resource_version}));
  }
  if (!preconditions.fields.empty()) options.set("preconditions", std::move(preconditions));
  HttpRequest request;
  request.method = "DELETE";
  request.path = target->path;
  request.content_type = "application/json";
  request.body = json_of(options);
  const auto answer = client_.write(request);
  if (!answer) return tl::unexpected(answer.error());
  if (is_missing_object(*answer, key.name)) return false;
  if (!is_success(*answer)) return tl::unexpected(refusal_of(*answer));
  return true;
}

Answer<bool> KubeCluster::may(const AccessRight& right) {
  const auto found = discovery_.find(right.api_version, right.kind);
  if (!found) return tl::unexpected(found.error());
  const std::string_view version =
      std::string_view(right.api_version).substr(right.api_version.find('/') + 1);
  Tree attributes = Tree::mapping({{"verb", Tree::string(right.verb)},
                                   {"group", Tree::string(std::string{found->kind.group()})},
                                   {"version", Tree::string(std::string{version})},
                                   {"resource", Tree::string(found->kind.plural)}});
  if (!right.ns.empty()) attributes.set("namespace", Tree::string(right.ns));
  if (!right.name.empty()) attributes.set("name", Tree::string(right.name));
  const Tree review =
      Tree::mapping({{"apiVersion", Tree::string("authorization.k8s.io/v1")},
                     {"kind", Tree::string("SelfSubjectAccessReview")},
                     {"spec", Tree::mapping({{"resourceAttributes", std::move(attributes)}})}});
  HttpRequest request;
  request.method = "POST";
  request.path = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews";
  request.content_type = "application/json";
  request.body = json_of(review);
  const auto answer = object_of(client_.read(request));
  if (!answer) return tl::unexpected(answer.error());
  return answer->boolean_at({"status", "allowed"}).value_or(false);
}

}  // namespace
}  // namespace kube

std::unique_ptr<LiveCluster> open_kube_cluster(std::unique_ptr<HttpTransport> transport,
                                               Clock& clock, const PatienceLimits& limits) {
  return std::make_unique<kube::KubeCluster>(std::move(transport), clock, limits);
}

}  // namespace meshproof
