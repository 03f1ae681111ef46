#include "model/mesh/namespaces.h"

#include <string>
#include <vector>

namespace meshproof {

void empty_namespace(World& world, const std::string& name) {
  const Object* ns = world.find("Namespace", "", name);
  if (ns == nullptr || !ns->is_terminating()) return;
  std::vector<ObjectKey> contents;
  for (const Object& object : world.objects()) {
    if (object.key.ns == name) contents.push_back(object.key);
  }
  const WriteNote note{"goes with its project", name, 0, false, Step::Writer::User};
  for (const ObjectKey& key : contents) world.remove(key, note);
  for (const ObjectKey& key : contents) {
    if (world.objects().find(key) != nullptr) return;
  }
  world.end_namespace(name);
}

}  // namespace meshproof
