#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "backends/cluster.h"

namespace meshproof {

/// A cluster that only can be read: what it serves and what it answers are fields.
class FakeCluster : public LiveCluster {
 public:
  /// What a list gives, and how it then ends.
  struct Shelf {
    std::vector<std::string> items = {};
    std::optional<ClusterError> error = {};
    std::string resource_version = "7";
  };

  std::vector<ServedKind> kinds;
  std::map<std::string, ClusterError, std::less<>> silent;  ///< groups
  std::map<Collection, Shelf> shelves;                      ///< of the others: empty
  std::map<ObjectKey, Tree> objects;                        ///< for get()
  Answer<std::string> identity = std::string{"system:serviceaccount:ci:reader"};
  std::vector<Collection> asked = {};     ///< every list, in order
  std::vector<Collection> observed = {};  ///< what was to be watched, which is refused

  /// Serves a kind and lists these items of it everywhere.
  void serve(std::string api_version, std::string kind, std::vector<std::string> items = {});
  /// Serves a kind whose list is refused everywhere.
  void refuse(std::string api_version, std::string kind, ClusterError error);

  [[nodiscard]] std::string server() const override { return "https://api.test:6443"; }
  [[nodiscard]] Answer<std::string> user() override { return identity; }
  [[nodiscard]] Answer<Served> served() override { return Served{kinds, silent}; }
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
  [[nodiscard]] Answer<bool> may(const AccessRight& access) override;
};

/// The server's answer to who has no right.
[[nodiscard]] ClusterError forbidden(std::string message);

}  // namespace meshproof
