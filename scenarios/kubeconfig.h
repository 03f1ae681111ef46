#pragma once

#include <string>
#include <vector>

#include "model/diagnostic.h"
#include "model/kubeconfig.h"
#include "model/result.h"
#include "model/source.h"

namespace meshproof {

/// What a user says of the cluster that is meant.
struct KubeconfigChoice {
  std::string file;     ///< --kubeconfig; empty: $KUBECONFIG, else ~/.kube/config
  std::string context;  ///< --context; empty: the current one
};

/// Where kubeconfigs and the account of a pod are found.
struct KubeconfigPlaces {
  std::string kubeconfig;    ///< $KUBECONFIG: files with colons between them
  std::string home;          ///< $HOME
  std::string service_host;  ///< $KUBERNETES_SERVICE_HOST
  std::string service_port;  ///< $KUBERNETES_SERVICE_PORT
  std::string account = "/var/run/secrets/kubernetes.io/serviceaccount";

  [[nodiscard]] static KubeconfigPlaces of_environment();
};

/// Reads kubeconfig files into one, as kubectl does: of clusters, users and contexts of one name
/// the first counts, of current contexts the first that is not empty. No source line is kept,
/// because it may hold a secret, and no message holds one. Errors: `cannot-read`, those of the
/// syntax, `wrong-kind`, `wrong-type`, `missing-field`, `duplicate-name`, `bad-base64`; warnings
/// `pruned-field`.
[[nodiscard]] Kubeconfig read_kubeconfigs(const std::vector<std::string>& paths, Sources& sources,
                                          Diagnostics& diagnostics);

/// What a context of it stands for, with the files that it names. Errors: `unknown-context`,
/// `unknown-cluster`, `unknown-user`, `cannot-read`, `missing-field`, `bad-value`,
/// `unsupported-credentials`; the warning `tls-not-verified`.
[[nodiscard]] Result<ClusterAddress> resolve_context(const Kubeconfig& kubeconfig,
                                                     const std::string& context,
                                                     Diagnostics& warnings);

/// The cluster that is meant: by a kubeconfig, or where there is none, by the account of the pod in
/// which we run. Also the error `no-kubeconfig`.
[[nodiscard]] Result<ClusterAddress> find_cluster_address(const KubeconfigChoice& choice,
                                                          const KubeconfigPlaces& places,
                                                          Sources& sources, Diagnostics& warnings);

}  // namespace meshproof
