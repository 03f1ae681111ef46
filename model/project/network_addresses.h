#pragma once

#include "model/diagnostic.h"
#include "model/network.h"
#include "model/object.h"

namespace meshproof {

/// Reads the pod and service networks, the host prefix and the VXLAN port, from the
/// config.openshift.io Network and, for what that does not say, from the SDN's ClusterNetwork.
/// Either may be null.
void read_network_addresses(const Object* network_object, const Object* cluster_network,
                            Network& network, Diagnostics& diagnostics);

}  // namespace meshproof
