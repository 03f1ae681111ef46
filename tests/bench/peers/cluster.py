"""A generated cluster as the peers are given it, and the flows that all programs are asked about."""

import json
from typing import Callable, Dict, Iterable, List, NamedTuple, Set


class Port(NamedTuple):
    number: int
    protocol: str
    name: str


class Workload(NamedTuple):
    namespace: str
    name: str
    labels: Dict[str, str]
    ports: List[Port]

    @property
    def key(self):
        return f"{self.namespace}/{self.name}"


class Cluster(NamedTuple):
    namespaces: Dict[str, Dict[str, str]]  # name: labels
    workloads: List[Workload]  # in the pod network: of hosts each program has its own idea
    policies: List[dict]

    def declared_ports(self):
        """Each port and protocol once, in order."""
        return sorted({(port.number, port.protocol) for each in self.workloads
                       for port in each.ports})


def read_cluster(path):
    """The kind List that `meshproof generate --kind Deployment -o PATH` wrote."""
    with open(path, encoding="utf-8") as file:
        objects = json.load(file)["items"]
    cluster = Cluster({}, [], [])
    for each in objects:
        metadata = each["metadata"]
        if each["kind"] == "Namespace":
            cluster.namespaces[metadata["name"]] = metadata.get("labels", {})
        elif each["kind"] == "NetworkPolicy":
            cluster.policies.append(each)
        elif each["kind"] == "Deployment":
            template = each["spec"]["template"]
            if template["spec"].get("hostNetwork"):
                continue
            ports = [Port(port["containerPort"], port.get("protocol", "TCP"), port.get("name", ""))
                     for container in template["spec"]["containers"]
                     for port in container.get("ports", [])]
            cluster.workloads.append(Workload(metadata["namespace"], metadata["name"],
                                              template["metadata"]["labels"], ports))
    return cluster


class Flows:
    """Which flows from a workload to a port that another one declares are open: a byte for each."""

    def __init__(self, cluster):
        self.workloads = cluster.workloads
        self.index = {each.key: i for i, each in enumerate(cluster.workloads)}
        self.slots = []  # (workload, port) for each declared port, workload by workload
        self.first = []  # of each workload: its first slot
        for i, each in enumerate(cluster.workloads):
            self.first.append(len(self.slots))
            self.slots.extend((i, port) for port in each.ports)
        self.open = bytearray(len(cluster.workloads) * len(self.slots))

    def knows(self, src, dst):
        return src != dst and src in self.index and dst in self.index

    def add(self, src, dst, admits: Callable[[Port], bool]):
        """Opens the ports of `dst` that `admits` names. Ends that are no workload say nothing."""
        if not self.knows(src, dst):
            return
        to = self.index[dst]
        place = self.index[src] * len(self.slots) + self.first[to]
        for i, port in enumerate(self.workloads[to].ports):
            if admits(port):
                self.open[place + i] = 1

    def on(self, ports: Set[tuple]):
        """The same flows, but those to other ports are closed."""
        asked = bytes((port.number, port.protocol) in ports for _, port in self.slots)
        mask = int.from_bytes(asked * len(self.workloads), "big")
        kept = Flows.__new__(Flows)
        kept.__dict__.update(self.__dict__)
        kept.open = bytearray((int.from_bytes(self.open, "big") & mask).to_bytes(len(self.open),
                                                                               "big"))
        return kept

    def count(self):
        return self.open.count(1)

    def beyond(self, other):
        """The flows that are open here and closed there, as places."""
        mine, theirs = int.from_bytes(self.open, "big"), int.from_bytes(other.open, "big")
        more = (mine & ~theirs).to_bytes(len(self.open), "big")
        places, place = [], more.find(1)
        while place >= 0:
            places.append(place)
            place = more.find(1, place + 1)
        return places

    def name(self, place):
        src, slot = divmod(place, len(self.slots))
        dst, port = self.slots[slot]
        return (f"{self.workloads[src].key} to {self.workloads[dst].key} "
                f"{port.number}/{port.protocol}")


def write_policies(cluster, path):
    """The policies alone: cyclonus reads no file of mixed kinds."""
    with open(path, "w", encoding="utf-8") as file:
        json.dump({"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicyList",
                   "items": cluster.policies}, file)


def write_probe_model(cluster, ports: Iterable[tuple], path):
    """The workloads as pods, and the ports to ask about, for `cyclonus analyze --mode probe`.

    A template has no address, but cyclonus wants one. No ipBlock of a generated cluster is IPv6, so
    that these match none, as in the other programs.
    """
    pods = [{"Namespace": each.namespace, "Name": each.name, "Labels": each.labels,
             "IP": f"fd00::{i + 1:x}",
             "Containers": [{"Name": f"{each.name}-{k}", "Port": port.number,
                             "Protocol": port.protocol, "PortName": port.name}
                            for k, port in enumerate(each.ports)]}
            for i, each in enumerate(cluster.workloads)]
    with open(path, "w", encoding="utf-8") as file:
        json.dump({"Resources": {"Namespaces": cluster.namespaces, "Pods": pods},
                   "Probes": [{"Port": number, "Protocol": protocol}
                              for number, protocol in ports]}, file)
