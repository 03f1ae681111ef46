#include "cli/live_text.h"

#include <ctime>
#include <memory>
#include <utility>

#include <fmt/chrono.h>
#include <fmt/format.h>

#include "backends/gzip.h"
#include "backends/snapshot/snapshot.h"
#include "cli/open_cluster.h"
#include "reports/snapshot_json.h"
#include "reports/text.h"

namespace meshproof {
namespace {

std::string now() { return fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(std::time(nullptr))); }

/// A text that grows, packed or not.
class GrowingText {
 public:
  explicit GrowingText(bool packed) {
    if (packed) packer_ = std::make_unique<GzipPacker>();
  }
  void add(std::string_view piece) {
    if (packer_) {
      packer_->add(piece);
    } else {
      text_ += piece;
    }
  }
  [[nodiscard]] std::string finish() { return packer_ ? packer_->finish() : std::move(text_); }

 private:
  std::unique_ptr<GzipPacker> packer_;
  std::string text_;
};

SnapshotOptions snapshot_options(Session& session) {
  return {.namespaces = session.options.namespaces,
          .redact = session.options.redact,
          .time = now(),
          .progress = [&session](const SnapshotProgress& progress) {
            session.count({.done = progress.kind_index + 1,
                           .total = progress.kinds,
                           .unit = "kinds",
                           .detail = fmt::format("{} {}", progress.kind, progress.objects)});
          }};
}

}  // namespace

std::optional<LiveText> read_live_text(Session& session) {
  const std::unique_ptr<LiveCluster> cluster = open_cluster(session);
  if (cluster == nullptr) return std::nullopt;
  return read_live_text(session, *cluster, false);
}

std::optional<LiveText> read_live_text(Session& session, LiveCluster& cluster, bool packed) {
  GrowingText text{packed};
  text.add(snapshot_head());
  bool is_first = true;
  const auto taken = take_snapshot(cluster, snapshot_options(session), [&](std::string_view item) {
    if (!std::exchange(is_first, false)) text.add(",\n");
    text.add(item);
    return true;
  });
  if (!taken) {
    add_cluster_error(session, cluster, taken.error());
    return std::nullopt;
  }
  text.add(snapshot_tail(taken->coverage, {.program = "meshproof " MESHPROOF_VERSION,
                                           .is_redacted = session.options.redact,
                                           .namespaces = session.options.namespaces,
                                           .resource_versions = taken->resource_versions}));
  return LiveText{cluster.server(), text.finish()};
}

}  // namespace meshproof
