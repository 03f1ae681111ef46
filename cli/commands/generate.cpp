#include "scenarios/generate.h"

#include "cli/commands/commands.h"
#include "cli/session.h"

namespace meshproof {

ExitCode run_generate(Session& session) {
  session.add(check(session.options.shape));
  const Writing cluster = [&](const WritePiece& write) {
    generate_list(session.options.shape, write);
  };
  return session.finish(cluster, ExitCode::Success);
}

}  // namespace meshproof
