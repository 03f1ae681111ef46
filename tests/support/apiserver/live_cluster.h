#pragma once

#include <string>
#include <vector>

#include "model/change.h"
#include "model/object.h"
#include "tests/support/apiserver/api_client.h"

namespace meshproof {

/// Makes the server as it was when it had just started: every object goes but those that the server
/// made for itself, whoever wrote them and whatever keeps them. There is no controller manager that
/// would empty Namespaces.
void wipe_cluster(ApiClient& client);

/// Wipes, then creates the objects with their status. Owners are found by kind and name, because
/// recordings have no uids; what is being deleted is deleted again, which its finalizers hold up.
/// Throws where the server refuses one.
void build_cluster(ApiClient& client, const ObjectStore& objects);

/// Every object but those that the server made for itself; of Namespaces `default` is there too.
[[nodiscard]] ObjectStore live_objects(ApiClient& client);

/// Makes the edits of a recorded change, as its user did. Notes are nothing to the server.
void make_change(ApiClient& client, const Change& change);

/// How the live objects differ from a recorded state, one line for each: versions, uids and times
/// do not count, nor the number of times that an object was written, but a status has to be of the
/// last one; ids of networks count by which projects share one. `default` may be missing in the
/// recorded state.
[[nodiscard]] std::vector<std::string> differences_to(const ObjectStore& recorded,
                                                      const ObjectStore& live);

}  // namespace meshproof
