#include "cli/completion/completion.h"

#include "cli/commands/commands.h"
#include "cli/session.h"

namespace meshproof {

ExitCode run_completion(Session& session) {
  return session.finish(completion_script(session.options.words.front()), ExitCode::Success);
}

}  // namespace meshproof
