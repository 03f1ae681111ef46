#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "model/cluster.h"
#include "model/object.h"
#include "model/port_set.h"

namespace meshproof {

/// One Service that a Route or Ingress names, in the project of the object.
struct ExposedService {
  std::string service;
  /// The one port that is meant; empty if it is any. For a Route the name of a port of the Service
  /// or the number of one of the pod (`spec.port.targetPort`), for an Ingress name or number of a
  /// port of the Service.
  std::string port;
  bool by_pod_port = true;  ///< a Route: a number is one of the pod
};

/// A Route or Ingress, as far as it names Services. Its object must outlive it.
struct Exposure {
  const Object* object = nullptr;
  std::string host;                      ///< of an Ingress the first one; empty if none is given
  std::vector<ExposedService> services;  ///< in the order of the object, those of weight 0 left out
  bool any_answers = false;              ///< of a Route: one Service is as good as another
};

/// What a Route or Ingress exposes; without Services for an object of another kind.
[[nodiscard]] Exposure exposure_of(const Object& object);

/// Of all Routes, then of all Ingresses, each in key order. O(such objects).
[[nodiscard]] std::vector<Exposure> exposures_of(const ObjectStore& objects);

/// The pods behind a Service: those of its Endpoints, where the input has them, else the pods of
/// its project that its selector picks, in id order, completed ones among them. Empty for a Service
/// without either. O(endpoints) or O(pods of the project).
[[nodiscard]] std::vector<PodId> pods_behind(const Service& service, const Cluster& cluster);

/// A port of a pod to which one of a Service's leads.
struct PodPort {
  Protocol protocol = Protocol::Tcp;
  std::uint16_t port = 0;

  bool operator==(const PodPort&) const = default;
};

/// The ports of the pod to which those of the Service lead, in the order of the Service. A name
/// counts if a container of the pod has a port of that name. O(ports of both).
[[nodiscard]] std::vector<PodPort> ports_behind(const Service& service, const Pod& pod);

/// Of these only the one that the Route or Ingress means.
[[nodiscard]] std::vector<PodPort> ports_behind(const ExposedService& exposed,
                                                const Service& service, const Pod& pod);

/// Whether routers are expected in the project: it is called `openshift-ingress`, or has the label
/// `network.openshift.io/policy-group: ingress` or `policy-group.network.openshift.io/ingress`.
[[nodiscard]] bool holds_routers(const Namespace& ns, const Cluster& cluster);

/// Whether a pod serves Routes: all of a project that holds routers, and wherever it is one with
/// the label `ingresscontroller.operator.openshift.io/deployment-ingresscontroller`. `default` is
/// labelled so that routers on the nodes' network are let in (sdn.md, deviation 5): of its pods
/// only those with the label `router`, and those on the nodes' network if it is labelled.
[[nodiscard]] bool is_router(const Pod& pod, const Cluster& cluster);

/// The pods that serve Routes and run or are about to, in id order; empty if the input has none,
/// and then nothing can be said of who reaches what through a Route. O(pods).
[[nodiscard]] std::vector<PodId> routers(const Cluster& cluster);

}  // namespace meshproof
