#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "backends/clock.h"
#include "backends/cluster.h"

namespace meshproof {

/// Time that passes only when somebody waits.
class TestClock final : public Clock {
 public:
  [[nodiscard]] std::chrono::steady_clock::time_point now() override { return now_; }
  [[nodiscard]] std::chrono::system_clock::time_point time_of_day() override {
    return std::chrono::system_clock::time_point{now_.time_since_epoch()} +
           std::chrono::hours{24 * 365 * 50};
  }
  void sleep(std::chrono::milliseconds time) override { now_ += time; }
  [[nodiscard]] double jitter() override { return 0; }

 private:
  std::chrono::steady_clock::time_point now_{};
};

/// A request as faults see it.
struct SeenRequest {
  std::string_view verb;  ///< `get`, `list`, `watch`, `create`, `apply`, `merge`, `delete`, `may`
  ObjectKey key;
  bool is_write = false;
};

/// Objects in memory, with versions and preconditions as the API server has them: for what depends
/// on the order of many events, where a real server would be slow. What servers really answer is
/// tested with a real one.
class MemoryCluster final : public LiveCluster {
 public:
  explicit MemoryCluster(TestClock& clock) : clock_(clock) {}

  std::map<ObjectKey, Tree> objects;
  /// Before a request is carried out: a refusal instead. May change the objects, or throw.
  std::function<std::optional<ClusterError>(const SeenRequest&)> before;
  /// After a write was carried out: a refusal instead of its answer, which is lost then.
  std::function<std::optional<ClusterError>(const SeenRequest&)> after;
  /// What others do while somebody waits.
  std::function<void()> others;
  /// Rights that we lack: `delete NetworkPolicy`.
  std::set<std::string> denied;
  std::vector<ServedKind> kinds;
  /// Writes of ours that changed something: `create NetworkPolicy shop/x`.
  std::vector<std::string> effective;

  /// Writes as somebody else: the object has a new version then; nothing deletes.
  void put(const Tree& object);
  void erase(const ObjectKey& key);

  [[nodiscard]] std::string server() const override { return "memory"; }
  [[nodiscard]] Answer<std::string> user() override { return std::string("tester"); }
  [[nodiscard]] Answer<Served> served() override { return Served{kinds, {}}; }
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
  friend class MemoryObservation;
  [[nodiscard]] Answer<Tree> patched(std::string_view verb, const ObjectKey& key,
                                     const Tree& patch);
  [[nodiscard]] std::optional<ClusterError> refusal(const SeenRequest& request) const;
  [[nodiscard]] std::optional<ClusterError> loss(const SeenRequest& request) const;
  void stamp(Tree& object);

  TestClock& clock_;
  std::int64_t version_ = 0;
};

}  // namespace meshproof
