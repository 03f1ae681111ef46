#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "backends/snapshot/oc_lines.h"
#include "cli/commands/commands.h"
#include "cli/live_text.h"
#include "cli/open_cluster.h"
#include "cli/session.h"

namespace meshproof {
namespace {

ExitCode print_lines(Session& session) {
  const Options& options = session.options;
  return session.show(oc_lines({.program = options.oc,
                                .kubeconfig = options.kubeconfig,
                                .context = options.context,
                                .namespaces = options.namespaces,
                                .folder = options.out_file}),
                      ExitCode::Success);
}

}  // namespace

ExitCode run_snapshot(Session& session) {
  const std::string& file = session.options.out_file;
  if (session.options.print_oc) return print_lines(session);
  session.timing.enter("read");
  const std::unique_ptr<LiveCluster> cluster = open_cluster(session);
  if (cluster == nullptr) return ExitCode::OutputFailed;
  const std::optional<LiveText> live = read_live_text(session, *cluster, file.ends_with(".gz"));
  if (!live) return ExitCode::OutputFailed;
  return session.finish(live->text, ExitCode::Success);
}

}  // namespace meshproof
