#include "tests/model/operator_rows.h"

#include "model/mesh/conditions.h"
#include "model/mesh/metadata.h"
#include "model/mesh/operator_version.h"

namespace meshproof {

std::string manifests_for(const std::string& operator_version) {
  std::string state = mesh_manifests();
  const OperatorVersion* version = find_operator_version(operator_version);
  REQUIRE(version != nullptr);
  state.replace(state.find("v2.5"), 4, version->newest_control_plane);
  return state;
}

void check_rows(const std::vector<OperatorRow>& rows) {
  for (const OperatorRow& row : rows) {
    for (const std::string version : row.versions) {
      INFO("operator.md " << row.row << ", operator " << version);
      std::string state = manifests_for(version);
      if (*row.more != '\0') state += "---\n" + std::string{row.more};
      CHECK(row.holds(play(state, row.change, version)));
    }
  }
}

bool has(const Prediction& after, std::string_view kind, std::string_view ns,
         std::string_view name) {
  return after.after.find(kind, ns, name) != nullptr;
}

std::size_t count(const Prediction& after, std::string_view kind, std::string_view ns) {
  return after.after.of_kind(kind, ns).size();
}

std::string label(const Prediction& after, std::string_view kind, std::string_view ns,
                  std::string_view name, std::string_view key) {
  const Object* object = after.after.find(kind, ns, name);
  if (object == nullptr || !object->has_label(key)) return "none";
  return std::string{object->label(key)};
}

std::string listed(const Prediction& after, std::string_view field) {
  const Object* roll = after.after.find("ServiceMeshMemberRoll", "mesh", "default");
  if (roll == nullptr) return "no roll";
  std::string text;
  for (const std::string& name : strings_at(*roll->tree, {"status", field})) {
    text += (text.empty() ? "" : " ") + name;
  }
  return text;
}

std::string condition(const Prediction& after, std::string_view kind, std::string_view ns,
                      std::string_view name, std::string_view type) {
  const Object* object = after.after.find(kind, ns, name);
  if (object == nullptr) return "no object";
  const Tree* found = find_condition(object->tree->find_path({"status", "conditions"}), type);
  if (found == nullptr) return "no condition";
  const auto status = found->string_at({"status"});
  const auto reason = found->string_at({"reason"});
  return std::string{status} + (status == "False" ? ": " + std::string{reason} : "");
}

}  // namespace meshproof
