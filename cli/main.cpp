#include <csignal>
#include <exception>
#include <iostream>
#include <string>
#include <vector>

#include "cli/run.h"

int main(int argc, char** argv) {
  // A reader that goes away is a failed output with a message, not a silent death.
  std::signal(SIGPIPE, SIG_IGN);
  std::ios::sync_with_stdio(false);
  try {
    const std::vector<std::string> args(argv + (argc > 0 ? 1 : 0), argv + argc);
    const std::string program = meshproof::called_program(argc > 0 ? *argv : "");
    return static_cast<int>(
        meshproof::run(args, std::cout, std::cerr, meshproof::find_screen(), program));
  } catch (const std::exception& error) {
    // Input never comes here: running out of memory and defects of this program do.
    std::cerr << "meshproof: internal error: " << error.what() << '\n';
    return static_cast<int>(meshproof::ExitCode::Inconclusive);
  }
}
