"""The programs that are compared: how each is installed, what it is asked, how its answer is read."""

import os
import shutil
import subprocess
import sys
from typing import Callable, List, NamedTuple, Optional

import answers
import cluster as clusters

NCA = "network-config-analyzer==2.1.0"
CYCLONUS = "github.com/mattfenwick/cyclonus/cmd/cyclonus@v0.5.6"

# What every generated application serves: asking cyclonus about one port is the least it can be asked.
ONE_PORT = (9100, "TCP")


class Tool(NamedTuple):
    name: str
    asked: str  # for a reader of the table
    command: Callable[..., List[str]]  # of the cluster, its file, a folder for files of its own
    read: Optional[Callable]  # of the lines of its answer, the Flows, the cluster; or nothing
    ports: Callable  # of the cluster: the ports that the answer is about
    good: tuple = (0,)  # exit statuses of an answer


class Missing(NamedTuple):
    name: str
    why: str


def run_installer(command, environment=None):
    """Why it failed; or nothing."""
    print("+ " + " ".join(command), file=sys.stderr, flush=True)
    try:
        done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                              stderr=subprocess.PIPE, text=True, errors="replace", timeout=900,
                              env={**os.environ, **(environment or {})}, check=False)
    except subprocess.TimeoutExpired:
        return f"{command[0]} was not done after 15 minutes"
    if done.returncode == 0:
        return None
    lines = [line.strip() for line in done.stderr.splitlines() if line.strip()]
    return lines[-1] if lines else f"{command[0]} ended with {done.returncode}"


def install_nca(folder):
    """The program, or why there is none."""
    venv = os.path.join(folder, "nca-" + NCA.rpartition("=")[2])
    program = os.path.join(venv, "bin", "nca")
    if os.path.exists(program):
        return program, None
    why = run_installer([sys.executable, "-m", "venv", venv])
    if not why:
        why = run_installer([os.path.join(venv, "bin", "pip"), "install", "--quiet", NCA])
    return program, why


def install_cyclonus(folder):
    """The program, or why there is none."""
    version = CYCLONUS.rpartition("@")[2]
    binaries = os.path.join(os.path.abspath(folder), "cyclonus-" + version)
    program = os.path.join(binaries, "cyclonus")
    if os.path.exists(program):
        return program, None
    if not shutil.which("go"):
        return program, "there is no Go here"
    return program, run_installer(["go", "install", CYCLONUS], {"GOBIN": binaries})


def every_port(cluster):
    return cluster.declared_ports()


def meshproof(program):
    # An address of a template is not known; the peers let no ipBlock match pods.
    return Tool("meshproof reach", "each pair of workloads and addresses outside, every port",
                lambda cluster, file, folder: [
                    program, "reach", "-f", file, "-o", "csv", "--dialect", "kubernetes",
                    "--ipblock-matches-pods", "no", "--quiet"],
                lambda lines, flows, cluster: answers.read_meshproof(lines, flows),
                every_port,
                # 3: which pods are on the node of a router is not known. Hosts are not compared.
                good=(0, 3))


def nca(program):
    question = [program, "--connectivity", "-r"]
    return [
        Tool("nca, pairs", "each pair of workloads and addresses outside, every port "
             "(-o txt_no_fw_rules)",
             lambda cluster, file, folder: [*question, file, "-o", "txt_no_fw_rules"],
             lambda lines, flows, cluster: answers.read_nca(lines, flows), every_port),
        Tool("nca, rules", "the same, folded into rules (its default output)",
             lambda cluster, file, folder: [*question, file], None, every_port),
    ]


def cyclonus_asked(program, name, asked, ports):
    def command(cluster, file, folder):
        policies = os.path.join(folder, "policies.json")
        model = os.path.join(folder, f"probe-{len(ports(cluster))}.json")
        clusters.write_policies(cluster, policies)
        clusters.write_probe_model(cluster, ports(cluster), model)
        return [program, "analyze", "--mode", "probe", "--policy-path", policies,
                "--probe-path", model]

    return Tool(name, asked, command,
                lambda lines, flows, cluster: answers.read_cyclonus(lines, flows, ports(cluster)),
                ports)


def cyclonus(program):
    number, protocol = ONE_PORT
    return [
        cyclonus_asked(program, "cyclonus, one port",
                       f"each pair of workloads, {number}/{protocol} alone",
                       lambda cluster: [ONE_PORT]),
        cyclonus_asked(program, "cyclonus, declared ports",
                       "each pair of workloads, every port that a workload declares", every_port),
    ]


def find_peers(folder):
    """The peers that run here, and those that do not, with the reason."""
    tools, missing = [], []
    for name, install, make in (("nca", install_nca, nca),
                                ("cyclonus", install_cyclonus, cyclonus)):
        program, why = install(folder)
        if why:
            missing.append(Missing(name, why))
        else:
            tools += make(program)
    return tools, missing
