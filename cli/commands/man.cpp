#include "cli/commands/commands.h"
#include "cli/manual_page.h"
#include "cli/session.h"

namespace meshproof {

ExitCode run_man(Session& session) { return session.finish(manual_page(), ExitCode::Success); }

}  // namespace meshproof
