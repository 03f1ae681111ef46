#include "cli/live_options.h"

#include <string>

#include <CLI/CLI.hpp>

namespace meshproof {

void add_live_options(CLI::App& app, const Command& command, Options& options) {
  const bool reads = (command.options & option::kInput) != 0;
  const std::string instead = reads ? "; the state is then read from there instead of -f" : "";
  app.add_option("--kubeconfig", options.kubeconfig,
                 "how to reach a live cluster: a file as of oc and kubectl" + instead);
  app.add_option(
      "--context", options.context,
      "which of its contexts; alone, of the kubeconfig that oc and kubectl use" + instead);
  app.add_option("--oc", options.oc,
                 "an oc or kubectl to run, which holds the credentials: its name, or its path");
}

void add_snapshot_options(CLI::App& app, Options& options) {
  app.add_option("-n", options.namespaces,
                 "only these namespaces, as far as kinds live in one; without it all of them");
  app.add_flag("--redact", options.redact, "without what may be confidential and decides nothing");
  app.add_flag("--print-oc", options.print_oc,
               "no cluster is asked: the lines of oc that write the same into a folder, -o DIR");
  app.add_option("-o,--out", options.out_file,
                 "the file to write, or - for standard output; NAME.gz is packed");
}

}  // namespace meshproof
