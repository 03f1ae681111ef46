#include "cli/run.h"

#include <utility>
#include <variant>

#include "cli/args.h"
#include "cli/command.h"
#include "cli/fleet.h"
#include "cli/session.h"

namespace meshproof {

ExitCode run(const std::vector<std::string>& args, std::ostream& out, std::ostream& err,
             const Screen& screen, const std::string& program) {
  auto parsed = parse_args(args, {program, screen.width});
  Options options;
  const Command* command = nullptr;
  if (parsed.has_value()) {
    if (Invocation* invocation = std::get_if<Invocation>(&*parsed)) {
      options = std::move(invocation->options);
      command = invocation->command;
    }
  }
  Session session(std::move(options), out, err, screen);
  ExitCode code = ExitCode::InvalidInput;
  if (!parsed.has_value()) {
    session.add(std::move(parsed.error()));
  } else if (command != nullptr) {
    code = session.options.clusters.empty() ? command->run(session) : run_fleet(*command, session);
    if (session.has_cluster_failed()) code = ExitCode::OutputFailed;
  } else {
    code = session.finish(std::get<Message>(*parsed).text, ExitCode::Success);
  }
  session.close();
  return code;
}

std::string called_program(std::string_view path) {
  const std::string_view name = path.substr(path.rfind('/') + 1);
  if (name == "kubectl-meshproof") return "kubectl meshproof";
  if (name == "oc-meshproof") return "oc meshproof";
  return "meshproof";
}

}  // namespace meshproof
