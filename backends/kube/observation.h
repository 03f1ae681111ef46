#pragma once

#include <chrono>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "backends/cluster.h"
#include "backends/kube/client.h"
#include "backends/kube/discovery.h"

namespace meshproof::kube {

/// Lists collections, then watches them all at once.
class KubeObservation final : public Observation {
 public:
  KubeObservation(Client& client, Discovery& discovery, std::vector<Collection> collections);

  /// Lists all of them for the first time.
  [[nodiscard]] Answer<void> begin();

  [[nodiscard]] Answer<bool> wait(std::chrono::milliseconds at_most) override;
  [[nodiscard]] const std::map<ObjectKey, Tree>& objects() const override { return objects_; }

 private:
  struct Watched {
    Collection collection;
    ServedKind kind = {};
    std::string resource_version = {};  ///< empty: it has to be listed (again)
  };

  [[nodiscard]] Answer<bool> list_anew(Watched& watched);
  [[nodiscard]] Answer<bool> watch(std::chrono::milliseconds at_most);
  [[nodiscard]] Answer<bool> take_event(Watched& watched, std::string_view line);
  bool put(Tree object);
  [[nodiscard]] bool is_of(const Watched& watched, const ObjectKey& key) const;

  Client* client_;
  Discovery* discovery_;
  std::vector<Watched> watched_;
  std::map<ObjectKey, Tree> objects_;
};

}  // namespace meshproof::kube
