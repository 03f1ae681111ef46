#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <tl/expected.hpp>

#include "model/object.h"
#include "model/tree.h"

/// A live cluster, as everything that writes to one sees it. Two ways lead there: the Kubernetes
/// API (`backends/kube`), and `oc` or `kubectl` (`backends/oc`).
namespace meshproof {

/// Why an answer is none (spec page apiserver.md).
enum class Refusal : std::uint8_t {
  Conflict,      ///< 409: the object has changed since it was read, or fields are somebody else's
  Exists,        ///< 409 on create: there is such an object
  Gone,          ///< 410: the list or watch has to begin anew
  Forbidden,     ///< 403
  Unauthorized,  ///< 401: the credentials do not count, or no longer
  Invalid,       ///< 400, 415, 422: the server will never take it
  NotServed,     ///< 404 of a whole kind
  Throttled,     ///< 429, see retry_after
  Failed,        ///< 5xx
  Unreachable,   ///< no answer; whether a write was carried out is not known
};
/// `conflict`, `exists`, …
[[nodiscard]] std::string_view to_string(Refusal refusal);

struct ClusterError {
  Refusal refusal = Refusal::Failed;
  int status = 0;       ///< HTTP; 0 where there was no answer, or it is not known
  std::string message;  ///< the server's words in one line; never a credential
  std::optional<std::chrono::seconds> retry_after = {};

  /// The same request can have another answer a little later, without anybody doing anything.
  [[nodiscard]] bool is_passing() const {
    return refusal == Refusal::Throttled || refusal == Refusal::Failed ||
           refusal == Refusal::Unreachable;
  }
  /// Nothing else can be asked or written either: no answer, or credentials that do not count.
  [[nodiscard]] bool shuts_out() const {
    return refusal == Refusal::Unauthorized || refusal == Refusal::Unreachable;
  }
};

template <typename T>
using Answer = tl::expected<T, ClusterError>;

/// The object of an answer; null if there is none, or no answer.
[[nodiscard]] inline const Tree* found_in(const Answer<std::optional<Tree>>& answer) {
  if (!answer) return nullptr;
  const std::optional<Tree>& object = *answer;
  return object ? &*object : nullptr;
}

/// A kind as the API serves it: `networking.k8s.io/v1`, `NetworkPolicy`.
struct ServedKind {
  std::string api_version;
  std::string kind;
  std::string plural = {};  ///< `networkpolicies`
  bool is_namespaced = true;

  [[nodiscard]] std::string_view group() const { return group_of(api_version); }
};

/// What an API server serves, each kind in the version that its group prefers.
struct Served {
  std::vector<ServedKind> kinds;
  /// By group: what its own server (an APIService) answered instead of its kinds.
  std::map<std::string, ClusterError, std::less<>> silent;

  /// Null if it is not served, or its group is silent.
  [[nodiscard]] const ServedKind* find(std::string_view group, std::string_view kind) const;
};

/// The objects of a kind, in one namespace or everywhere (empty; cluster-scoped kinds too).
struct Collection {
  std::string api_version;
  std::string kind;
  std::string ns = {};

  auto operator<=>(const Collection&) const = default;
};

/// A right to ask for.
struct AccessRight {
  std::string verb;  ///< `get`, `list`, `watch`, `create`, `patch`, `delete`
  std::string api_version;
  std::string kind;
  std::string ns = {};  ///< empty: everywhere
  std::string name = {};
};

/// One page of a list, item by item, in the server's order: JSON text as far as brackets tell.
using TakeItem = std::function<bool(std::string_view item_json)>;

/// The end of a list.
struct ListEnd {
  std::string resource_version;
};

/// Objects that are being watched. What it holds is what the server had at some moment, and never
/// goes back.
class Observation {
 public:
  Observation() = default;
  virtual ~Observation() = default;
  Observation(const Observation&) = delete;
  Observation& operator=(const Observation&) = delete;

  /// Comes back as soon as something has changed, or when the time is over: true if something has.
  /// Passing refusals are waited out within the time; the others are the answer.
  [[nodiscard]] virtual Answer<bool> wait(std::chrono::milliseconds at_most) = 0;
  /// The objects as last seen, with resourceVersion and status.
  [[nodiscard]] virtual const std::map<ObjectKey, Tree>& objects() const = 0;
};

/// Reads wait out passing refusals by themselves, with growing pauses and as Retry-After says,
/// until a time-out; writes never repeat themselves, because whoever writes has to look first.
class LiveCluster {
 public:
  LiveCluster() = default;
  virtual ~LiveCluster() = default;
  LiveCluster(const LiveCluster&) = delete;
  LiveCluster& operator=(const LiveCluster&) = delete;

  /// The API server's address, for people: `https://api.prod:6443`.
  [[nodiscard]] virtual std::string server() const = 0;
  /// Who asks, as the server sees it (SelfSubjectReview); empty if it does not say.
  [[nodiscard]] virtual Answer<std::string> user() = 0;

  /// Every kind whose objects can be listed, by groups (the core first, then by name) and kinds.
  /// Asked once and kept.
  [[nodiscard]] virtual Answer<Served> served() = 0;

  /// The object; nothing if there is none. NotServed where the server lacks the kind.
  [[nodiscard]] virtual Answer<std::optional<Tree>> get(const ObjectKey& key,
                                                        std::string_view api_version) = 0;
  /// All objects, page by page; a list that expired on the way (410) goes on as the server offers.
  /// `take` false ends it.
  [[nodiscard]] virtual Answer<ListEnd> list(const Collection& collection,
                                             const TakeItem& take) = 0;
  /// Lists, then watches.
  [[nodiscard]] virtual Answer<std::unique_ptr<Observation>> observe(
      std::vector<Collection> collections) = 0;

  /// Creates the object; the answer is what the server keeps.
  [[nodiscard]] virtual Answer<Tree> create(const Tree& object) = 0;
  /// Server-side apply with the field manager `meshproof`: the fields of `object` become ours. Its
  /// metadata.resourceVersion, if any, has to be the current one (else Conflict).
  [[nodiscard]] virtual Answer<Tree> apply(const Tree& object) = 0;
  /// An RFC 7386 patch; metadata.resourceVersion in it has to be the current one (else Conflict).
  [[nodiscard]] virtual Answer<Tree> merge(const ObjectKey& key, std::string_view api_version,
                                           const Tree& patch) = 0;
  /// Deletes the object if its uid and resourceVersion are these (else Conflict). True: it was
  /// there.
  [[nodiscard]] virtual Answer<bool> remove(const ObjectKey& key, std::string_view api_version,
                                            std::string_view uid,
                                            std::string_view resource_version) = 0;

  /// Whether we may (SelfSubjectAccessReview).
  [[nodiscard]] virtual Answer<bool> may(const AccessRight& right) = 0;
};

}  // namespace meshproof
