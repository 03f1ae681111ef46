#include "model/migration.h"

namespace meshproof {

std::uint64_t MigrationCause::count() const {
  std::uint64_t count = 0;
  for (const ConnectionGroup& group : groups) count += group.count();
  return count;
}

ChangedConnections Migration::connections_of(const MigrationCause& cause) const {
  ChangedConnections connections;
  connections.ends = ends;
  connections.groups = cause.groups;
  return connections;
}

}  // namespace meshproof
