#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "backends/cluster.h"
#include "backends/kube/client.h"

namespace meshproof::kube {

/// A kind in one version of its group, with what can be done with it.
struct Resource {
  ServedKind kind;
  bool is_listed = false;  ///< its objects can be listed: it is no mere request
};

/// What an API server serves: asked once, and once more when a kind is looked for that was not
/// there, since definitions come and go.
class Discovery {
 public:
  explicit Discovery(Client& client) : client_(&client) {}

  /// The kind in this version; NotServed if there is none, and what its group's server answered
  /// where that was no answer.
  [[nodiscard]] Answer<Resource> find(std::string_view api_version, std::string_view kind);
  [[nodiscard]] Answer<Served> served();

 private:
  /// A version of a group, as the server orders them: the preferred one first.
  struct GroupVersion {
    std::string api_version;
    std::vector<Resource> resources;
    bool is_asked = true;  ///< false: its resources have to be asked for
  };

  [[nodiscard]] Answer<void> load();
  [[nodiscard]] Answer<void> load_groups(std::string_view path);
  void add_aggregated(const Tree& groups);
  void add_groups(const Tree& groups);
  void add_core(const Tree& versions);
  void ask(GroupVersion& version);
  [[nodiscard]] const Resource* look_up(std::string_view api_version, std::string_view kind);

  Client* client_;
  bool is_loaded_ = false;
  std::map<std::string, std::vector<GroupVersion>, std::less<>> groups_;
  std::map<std::string, ClusterError, std::less<>> silent_;  ///< api versions that gave no answer
};

}  // namespace meshproof::kube
