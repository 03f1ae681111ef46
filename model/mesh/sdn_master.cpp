#include "model/mesh/sdn_master.h"

#include <utility>

#include "model/mesh/metadata.h"
#include "model/mesh/network_join.h"
#include "model/mesh/ranks.h"
#include "model/sdn/net_id.h"

namespace meshproof {
namespace {

WriteNote note_of_master(std::string reason, std::string project = "", int rank = 0) {
  return {std::move(reason), std::move(project), rank, false, Step::Writer::SdnMaster};
}

void give_net_namespace(World& world, const std::string& name) {
  const std::uint32_t netid = name == "default" ? 0 : fresh_netid(world.objects());
  world.create(Tree::mapping({{"apiVersion", Tree::string("network.openshift.io/v1")},
                              {"kind", Tree::string("NetNamespace")},
                              {"metadata", Tree::mapping({{"name", Tree::string(name)}})},
                              {"netid", Tree::number(netid)},
                              {"netname", Tree::string(name)}}),
               note_of_master("every namespace has a NetNamespace"));
}

}  // namespace

void consume_change_request(World& world, const std::string& name, const std::string& project,
                            int rank) {
  const Object* object = world.find("NetNamespace", "", name);
  if (!world.platform().sdn_runs || object == nullptr) return;
  if (!has_annotation(*object, kChangeNetwork)) return;
  const NetIdChange change = change_network(
      world.objects(), name, annotation(*object, kChangeNetwork), find_sdn_mode(world));
  if (!change.consumed) return;
  Tree tree = *object->tree;
  erase_annotation(tree, kChangeNetwork);
  tree.set("netid", Tree::number(change.netid));
  const bool moved = change.netid != netid_of(*object);
  world.update(std::move(tree),
               note_of_master(moved ? "consumes the request: the project is on another network"
                                    : "consumes the request: the project's network stays",
                              project, rank));
}

void reconcile_net_namespace(World& world, const std::string& name) {
  const SdnMode mode = find_sdn_mode(world);
  if (!world.platform().sdn_runs) return;
  const Object* object = world.find("NetNamespace", "", name);
  const bool exists = world.find_namespace(name).has_value();
  // Without any NetNamespace the input shows no OpenShift SDN that would make them.
  const bool in_charge =
      mode != SdnMode::Subnet && !world.objects().of_kind("NetNamespace").empty();
  if (object == nullptr) {
    if (exists && in_charge) give_net_namespace(world, name);
  } else if (!exists && in_charge) {
    world.remove(ObjectKey{object->key}, note_of_master("its namespace is gone"));
  } else {
    consume_change_request(world, name, name, kJoinLabel);
  }
}

void start_sdn_master(World& world) {
  world.platform().sdn_runs = true;
  for (const Object* object : world.objects().of_kind("NetNamespace")) {
    world.queue().add({Controller::SdnMaster, "", object->key.name});
  }
}

}  // namespace meshproof
