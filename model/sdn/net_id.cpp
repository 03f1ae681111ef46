#include "model/sdn/net_id.h"

#include <algorithm>
#include <set>

namespace meshproof {
namespace {

constexpr std::uint32_t kGlobal = 0;
constexpr std::uint32_t kFirstNetId = 10;  // below are the global and the reserved ids

struct Request {
  std::string_view verb;
  std::string_view argument;
  std::size_t parts = 1;
};

Request parse(std::string_view text) {
  Request request;
  request.parts = 1 + static_cast<std::size_t>(std::ranges::count(text, ':'));
  const auto colon = text.find(':');
  request.verb = text.substr(0, colon);
  if (colon != std::string_view::npos) {
    const auto rest = text.substr(colon + 1);
    request.argument = rest.substr(0, rest.find(':'));
  }
  return request;
}

NetIdChange refused(std::uint32_t netid, std::string error) {
  return {netid, false, std::move(error)};
}

NetIdChange join(const ObjectStore& objects, const Request& request, std::uint32_t netid) {
  const Object* target = objects.find("NetNamespace", "", request.argument);
  if (target == nullptr) {
    return refused(netid, "netid not found for namespace \"" + std::string{request.argument} + '"');
  }
  return {netid_of(*target), true, ""};
}

NetIdChange isolate(const ObjectStore& objects, std::string_view name, std::uint32_t netid) {
  if (name == "default") {
    return refused(netid, "network isolation for namespace \"default\" is not allowed");
  }
  const auto all = objects.of_kind("NetNamespace");
  const auto sharing = std::ranges::count_if(
      all, [netid](const Object* other) { return netid_of(*other) == netid; });
  return {sharing > 1 ? fresh_netid(objects) : netid, true, ""};
}

}  // namespace

std::uint32_t netid_of(const Object& net_namespace) {
  return static_cast<std::uint32_t>(net_namespace.tree->integer_at({"netid"}).value_or(0));
}

std::uint32_t fresh_netid(const ObjectStore& objects) {
  std::set<std::uint32_t> taken;
  for (const Object* object : objects.of_kind("NetNamespace")) taken.insert(netid_of(*object));
  std::uint32_t candidate = kFirstNetId;
  while (taken.contains(candidate)) ++candidate;
  return candidate;
}

NetIdChange change_network(const ObjectStore& objects, std::string_view name, std::string_view text,
                           SdnMode mode) {
  const Object* object = objects.find("NetNamespace", "", name);
  const std::uint32_t netid = object == nullptr ? kGlobal : netid_of(*object);
  if (mode == SdnMode::Subnet) return {netid, false, ""};
  if (mode == SdnMode::NetworkPolicy) {
    return {netid, true, "the network plugin does not support changes of the network"};
  }
  const Request request = parse(text);
  if (request.verb == "global") return {kGlobal, true, ""};
  if (request.verb == "isolate") return isolate(objects, name, netid);
  if (request.verb == "join" && request.parts == 2) return join(objects, request, netid);
  return refused(netid, "invalid pod network action");
}

}  // namespace meshproof
