#include "backends/apply/writing.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "backends/patience.h"
#include "model/effects.h"
#include "model/merge_difference.h"
#include "model/sdn/net_id.h"

namespace meshproof {
namespace {

/// How often an object is looked at again because it changed between the look and the write.
constexpr int kLooks = 12;

std::string_view request_of(const PlannedWrite& write) {
  if (write.key.kind != "NetNamespace" || !write.after) return {};
  return write.after->string_at({"metadata", "annotations", kChangeNetwork});
}

/// The SDN master takes the request off, so that the object does not show that it was written.
WritePosition position_of_request(const ApplyScene& scene, const WriteId& id,
                                  std::string_view request, const Tree* live) {
  const PlannedWrite& write = write_of(scene, id);
  if (scene.journal.record().written.contains(id)) return WritePosition::After;
  if (live == nullptr) return WritePosition::Other;
  const auto pending = live->string_at({"metadata", "annotations", kChangeNetwork});
  if (!pending.empty()) {
    return pending == request ? WritePosition::After : WritePosition::Other;
  }
  const NetworkEffect effect{write.key.name, std::string(request)};
  const bool is_answered = !missing_of(effect, scene.live.objects());
  return is_answered ? WritePosition::After : WritePosition::Before;
}

WritePosition position(const ApplyScene& scene, const WriteId& id, const Tree* live) {
  const PlannedWrite& write = write_of(scene, id);
  if (const auto request = request_of(write); !request.empty()) {
    return position_of_request(scene, id, request, live);
  }
  const WritePosition here = position_of(write, live);
  if (here != WritePosition::Other) return here;
  // A way that begins in its middle finds what later writes of it lead to.
  const std::vector<ExecutionStage>& stages = scene.stages(id.way);
  for (std::size_t stage = id.stage; stage < stages.size(); ++stage) {
    const std::size_t first = stage == id.stage ? id.write + 1 : 0;
    for (std::size_t i = first; i < stages[stage].writes.size(); ++i) {
      const PlannedWrite& later = stages[stage].writes[i];
      if (later.key == write.key && position_of(later, live) == WritePosition::After) {
        return WritePosition::After;
      }
    }
  }
  return WritePosition::Other;
}

bool holds_all(const Tree& now, const Tree& then) {
  return std::ranges::all_of(then.items, [&](const Tree& item) {
    return std::ranges::find(now.items, item) != now.items.end();
  });
}

/// Server-side apply sets and adds; it takes nothing away that others have set.
bool only_adds(const Tree& before, const Tree& after) {
  if (before.is(TreeKind::Mapping)) {
    return after.is(TreeKind::Mapping) &&
           std::ranges::all_of(before.fields, [&](const TreeField& field) {
             const Tree* value = after.find(field.key);
             return value != nullptr && only_adds(field.value, *value);
           });
  }
  return !before.is(TreeKind::Sequence) ||
         (after.is(TreeKind::Sequence) && holds_all(after, before));
}

Answer<Tree> update(LiveCluster& cluster, const PlannedWrite& write, const Tree& before,
                    const Tree& after, const Tree& live) {
  Tree patch = merge_difference(before, after);
  const auto pin = [&](std::string_view field) {
    patch.mapping_at("metadata")
        .set(field, Tree::string(std::string(live.string_at({"metadata", field}))));
  };
  pin("resourceVersion");
  if (!only_adds(before, after)) {
    return cluster.merge(write.key, write.api_version, patch);
  }
  Tree object = Tree::mapping(
      {{"apiVersion", Tree::string(write.api_version)}, {"kind", Tree::string(write.key.kind)}});
  Tree& metadata = patch.mapping_at("metadata");
  metadata.set("name", Tree::string(write.key.name));
  if (!write.key.ns.empty()) metadata.set("namespace", Tree::string(write.key.ns));
  for (TreeField& field : patch.fields) object.set(field.key, std::move(field.value));
  return cluster.apply(object);
}

/// What the server has then; nothing after a deletion.
Answer<std::optional<Tree>> send(LiveCluster& cluster, const PlannedWrite& write,
                                 const Tree* live) {
  const auto kept = [](Answer<Tree> answer) -> Answer<std::optional<Tree>> {
    if (!answer) return tl::make_unexpected(std::move(answer.error()));
    return std::optional<Tree>(std::move(*answer));
  };
  if (write.before && write.after) {
    return kept(update(cluster, write, *write.before, *write.after, *live));
  }
  if (write.after) return kept(cluster.create(*write.after));
  const Answer<bool> removed =
      cluster.remove(write.key, write.api_version, live->string_at({"metadata", "uid"}),
                     live->string_at({"metadata", "resourceVersion"}));
  if (!removed) return tl::make_unexpected(removed.error());
  return std::optional<Tree>{};
}

Trouble journal_trouble(const ApplyScene& scene) {
  return {fmt::format("the journal could not be written: {}", scene.journal.problem()), {}, true};
}

Trouble foreign_write(const PlannedWrite& write, const Tree* live, std::string how) {
  Mismatch mismatch{to_string(write.key), std::move(how), {}, {}};
  mismatch.planned = write.before ? write.before : write.after;
  if (live != nullptr) mismatch.found = content_of(*live);
  return {fmt::format("{} is not as planned: somebody else has written it", mismatch.what),
          {mismatch}};
}

Trouble refused(const PlannedWrite& write, const ClusterError& error) {
  return {fmt::format("{} of {} was refused: {}", to_string(write.verb()), to_string(write.key),
                      error.message),
          {},
          error.shuts_out()};
}

/// One write, look by look.
class Writing {
 public:
  Writing(ApplyScene& scene, const WriteId& id, StageRun& run)
      : scene_(scene),
        id_(id),
        run_(run),
        write_(write_of(scene, id)),
        patience_(scene.clock, {.at_most = scene.options.patience}) {}

  std::optional<Trouble> make() {
    for (int look = 0; look < kLooks && !is_done_;) {
      Answer<std::optional<Tree>> found = scene_.cluster.get(write_.key, write_.api_version);
      if (!found) {
        if (!patience_.wait_out(found.error())) return refused(write_, found.error());
        continue;
      }
      if (auto refusal = act(found_in(found), look)) return refusal;
    }
    if (is_done_) return std::nullopt;
    return Trouble{fmt::format("{} kept changing under our hands", to_string(write_.key))};
  }

 private:
  std::optional<Trouble> act(const Tree* live, int& look) {
    switch (position(scene_, id_, live)) {
      case WritePosition::After:
        return found_made(live);
      case WritePosition::Leaving:
        return wait_until_left();
      case WritePosition::Other:
        return foreign_write(write_, live, "is not as planned");
      case WritePosition::Before:
        break;
    }
    if (scene_.journal.record().written.contains(id_)) {
      return foreign_write(write_, live, "somebody has taken our write back");
    }
    ++look;
    return try_once(live);
  }

  std::optional<Trouble> found_made(const Tree* live) {
    is_done_ = true;
    const RunRecord& record = scene_.journal.record();
    if (!record.intended.contains(id_)) {
      ++run_.present;
      return std::nullopt;
    }
    // The answer to it was lost, or we were.
    ++run_.written;
    const bool is_known = record.written.contains(id_);
    const auto version =
        live == nullptr ? std::string_view{} : live->string_at({"metadata", "resourceVersion"});
    if (!is_known && !scene_.journal.wrote(id_, version)) return journal_trouble(scene_);
    return std::nullopt;
  }

  std::optional<Trouble> wait_until_left() {
    const ClusterError leaving{Refusal::Failed, 0, "one of that name is still being deleted", {}};
    if (patience_.wait_out(leaving)) return std::nullopt;
    return refused(write_, leaving);
  }

  std::optional<Trouble> try_once(const Tree* live) {
    if (const Answer<void> kept = scene_.lease.keep(); !kept) {
      return Trouble{kept.error().message, {}, true};
    }
    if (!scene_.journal.record().intended.contains(id_) && !scene_.journal.intend(id_)) {
      return journal_trouble(scene_);
    }
    const Answer<std::optional<Tree>> answer = send(scene_.cluster, write_, live);
    if (!answer) return after_refusal(answer.error());
    const Tree* now = found_in(answer);
    if (now != nullptr && position_of(write_, now) != WritePosition::After) {
      return foreign_write(write_, now, "the server keeps something else of what we write");
    }
    ++run_.written;
    is_done_ = true;
    const auto version =
        now == nullptr ? std::string_view{} : now->string_at({"metadata", "resourceVersion"});
    if (!scene_.journal.wrote(id_, version)) return journal_trouble(scene_);
    return std::nullopt;
  }

  std::optional<Trouble> after_refusal(const ClusterError& error) {
    const bool has_changed = error.refusal == Refusal::Conflict || error.refusal == Refusal::Exists;
    if (has_changed || patience_.wait_out(error)) return std::nullopt;
    return refused(write_, error);
  }

  ApplyScene& scene_;
  const WriteId& id_;
  StageRun& run_;
  const PlannedWrite& write_;
  Patience patience_;
  bool is_done_ = false;
};

}  // namespace

const PlannedWrite& write_of(const ApplyScene& scene, const WriteId& id) {
  return scene.stages(id.way).at(id.stage).writes.at(id.write);
}

std::optional<Trouble> make_write(ApplyScene& scene, const WriteId& id, StageRun& run) {
  return Writing(scene, id, run).make();
}

}  // namespace meshproof
