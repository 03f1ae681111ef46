"""Times meshproof and its peers on the same generated clusters, and compares their answers.

    ./dev bench --peers [--limit SECONDS] [--budget SECONDS]

Sizes double until no peer answers within the limit. What each is asked stands above the table.
"""

import argparse
import json
import os
import subprocess
import sys
import time
from typing import NamedTuple, Optional

sys.dont_write_bytecode = True  # the source tree stays as it is

import cluster as clusters  # noqa: E402
import tools  # noqa: E402

PODS = 10  # of each namespace
MEASURED = os.path.join(os.path.dirname(os.path.abspath(__file__)), "measured.py")
HEADINGS = ("workloads", "policies", "program", "wall", "CPU", "memory", "CPU ratio",
            "memory ratio", "answer")


class Run(NamedTuple):
    wall: float
    cpu: float
    memory: int
    status: int
    stopped: bool
    complaint: str  # the last line of its standard error


def run(tool, cluster, file, folder, limit):
    """One run; of short ones the one with the least CPU time of three."""
    out, err = os.path.join(folder, "out"), os.path.join(folder, "err")
    command = tool.command(cluster, file, folder)
    best = None
    for _ in range(3):
        shown = subprocess.run([sys.executable, "-I", "-S", MEASURED, str(limit), out, err, *command],
                               stdout=subprocess.PIPE, check=True).stdout
        with open(err, encoding="utf-8", errors="replace") as file_:
            lines = file_.read().splitlines()
        this = Run(**json.loads(shown), complaint=lines[-1].strip() if lines else "")
        if best is None or this.cpu < best.cpu:
            best = this
        if this.stopped or this.status not in tool.good or this.wall > 1:
            break
    return best, out


def failure(tool, outcome, limit):
    """Why there is no answer; or nothing."""
    if outcome.stopped:
        return f"none within {limit:.0f} s"
    if outcome.status not in tool.good:
        return f"failed with {outcome.status}: {outcome.complaint}"
    return None


def read_flows(tool, cluster, path):
    flows = clusters.Flows(cluster)
    with open(path, encoding="utf-8", errors="replace") as lines:
        tool.read(lines, flows, cluster)
    return flows


def agreement(ours, theirs, ports):
    """How a peer's answer differs from ours, as far as it was asked."""
    ours = ours.on(set(ports))
    fewer, more = ours.beyond(theirs), theirs.beyond(ours)
    if not fewer and not more:
        return f"{theirs.count():,} flows, the same"
    text = f"{theirs.count():,} flows of our {ours.count():,}: {len(fewer):,} fewer"
    text += f", {len(more):,} more"
    example = fewer[0] if fewer else more[0]
    return f"{text}; {'not ' if fewer else ''}{ours.name(example)}"


def row(cells):
    return "| " + " | ".join(str(cell) for cell in cells) + " |"


def seconds(value):
    return f"{value:.2f} s" if value < 10 else f"{value:.0f} s"


def measured_row(cluster, tool, outcome, base, answer):
    def ratio(value, of):
        times = f"{value / of:,.0f}" if value >= 10 * of else f"{value / of:.1f}"
        return f"> {times}" if outcome.stopped else times

    return row((len(cluster.workloads), len(cluster.policies), tool.name, seconds(outcome.wall),
                seconds(outcome.cpu), f"{outcome.memory / 1e6:,.0f} MB",
                ratio(outcome.cpu, base.cpu), ratio(outcome.memory, base.memory), answer))


class Size:
    """All programs on one cluster."""

    def __init__(self, program, namespaces, folder):
        self.folder = folder
        self.file = os.path.join(folder, f"cluster-{namespaces}.json")
        subprocess.run([program, "generate", "--namespaces", str(namespaces), "--pods", str(PODS),
                        "--policies", "2", "--members", str(namespaces // 10), "--kind",
                        "Deployment", "--dialect", "kubernetes", "-o", self.file], check=True)
        self.cluster = clusters.read_cluster(self.file)
        self.ours: Optional[clusters.Flows] = None
        self.base: Optional[Run] = None

    def run_ours(self, tool, limit):
        """False if meshproof gives no answer: then there is nothing to compare with."""
        outcome, out = run(tool, self.cluster, self.file, self.folder, limit)
        why = failure(tool, outcome, limit)
        if not why:
            self.base, self.ours = outcome, read_flows(tool, self.cluster, out)
        answer = why or f"{self.ours.count():,} flows"
        print(measured_row(self.cluster, tool, outcome, outcome, answer), flush=True)
        return not why

    def run_peer(self, tool, limit):
        """Why the peer stops here; or nothing."""
        outcome, out = run(tool, self.cluster, self.file, self.folder, limit)
        why = failure(tool, outcome, limit)
        answer = why or "not compared"
        if not why and tool.read:
            try:
                flows = read_flows(tool, self.cluster, out)
                answer = agreement(self.ours, flows, tool.ports(self.cluster))
            except ValueError as error:
                answer = f"not understood: {error}"
        print(measured_row(self.cluster, tool, outcome, self.base, answer), flush=True)
        return why


def compare(program, peers, folder, options):
    """Prints a row for each run. Where each peer stops, as sentences."""
    deadline = time.monotonic() + options.budget
    ours, stops = tools.meshproof(program), []
    print(row(HEADINGS) + "\n" + row("---" for _ in HEADINGS), flush=True)

    def limit():
        return min(options.limit, deadline - time.monotonic())

    for nth in range(options.sizes):
        size = Size(program, options.first << nth, folder)
        count = len(size.cluster.workloads)
        if limit() <= 0 or not size.run_ours(ours, limit()):
            return stops + [f"{each.name}: no run of {count} workloads" for each in peers]
        for tool in list(peers):
            if limit() <= 0:
                break
            why = size.run_peer(tool, limit())
            if why:
                stops.append(f"{tool.name}: stops at {count} workloads: {why}")
                peers.remove(tool)
        if not peers:
            return stops
        if limit() <= 0:
            return stops + [f"{each.name}: the budget of {options.budget:.0f} s was used up at "
                            f"{count} workloads" for each in peers]
    return stops + [f"{each.name}: has not stopped" for each in peers]


def version_of(command):
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False)
    return done.stdout.strip()


def main(arguments):
    parser = argparse.ArgumentParser(prog="./dev bench --peers", description=__doc__.split("\n")[0])
    parser.add_argument("program", help="meshproof")
    parser.add_argument("folder", help="where peers are installed and clusters written")
    parser.add_argument("--limit", type=float, default=60, help="seconds for one run (60)")
    parser.add_argument("--budget", type=float, default=600, help="seconds for all runs (600)")
    parser.add_argument("--first", type=int, default=5, help="namespaces of the first size (5)")
    parser.add_argument("--sizes", type=int, default=12, help="sizes at most, each twice as large (12)")
    options = parser.parse_args(arguments)
    os.makedirs(options.folder, exist_ok=True)
    peers, missing = tools.find_peers(options.folder)
    print(f"{version_of([options.program, '--version'])}, {tools.NCA}, "
          f"{tools.CYCLONUS.rpartition('/')[2]}; Python {sys.version.split()[0]}")
    for tool in [tools.meshproof(options.program), *peers]:
        print(f"- {tool.name}: {tool.asked}")
    for each in missing:
        print(f"- {each.name}: not compared: {each.why}")
    print(flush=True)
    stops = compare(options.program, peers, options.folder, options)
    print("\n" + "\n".join(f"- {each}" for each in stops))


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except KeyboardInterrupt:
        sys.exit("stopped")
