#pragma once

#include <string>

#include "model/object.h"

namespace meshproof {

/// The domain in which the API server gives hosts to Routes: that of the cluster's Ingress
/// (config.openshift.io; `appsDomain` before `domain`), of the IngressController `default`, `apps.`
/// below the baseDomain of the cluster's DNS, else what is left of the host of the first Route that
/// is called `NAME-NS.DOMAIN`. Empty if nothing shows it. O(Routes).
[[nodiscard]] std::string domain_of_routes(const ObjectStore& objects);

/// `NAME-NS.DOMAIN`: the host of a Route that names none.
[[nodiscard]] std::string default_host(const ObjectKey& route, const std::string& domain);

}  // namespace meshproof
