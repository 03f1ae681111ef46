"""Reads what each program answered into Flows. A line that is not understood is a ValueError: an
answer that is half read would look like a disagreement, or hide one."""

import csv
import re


def read_meshproof(lines, flows):
    """`meshproof reach -o csv`"""
    for row in csv.DictReader(lines):
        src = f"{row['srcNamespace']}/{row['srcWorkload']}"
        dst = f"{row['dstNamespace']}/{row['dstWorkload']}"
        if not flows.knows(src, dst):
            continue
        if row["access"] != "allowed":
            raise ValueError(f"{src} to {dst} is {row['access']}")
        if row["protocol"] == "all":
            flows.add(src, dst, lambda port: True)
            continue
        # Without ports the whole protocol is open.
        low, high = int(row["fromPort"] or 1), int(row["toPort"] or 65535)
        protocol = row["protocol"]
        flows.add(src, dst,
                  lambda port: port.protocol == protocol and low <= port.number <= high)


_NCA_PAIR = re.compile(r"(\S+)\[Deployment\] => (\S+)\[Deployment\] : (.*)")
_NCA_CONNECTION = re.compile(r"protocols:([A-Z0-9, -]+?)(?:,dst_ports:([0-9,-]+))?")


def nca_admits(text):
    """What nca says of a pair: `All connections`, or `{protocols:TCP,dst_ports:80,90-99}`, ..."""
    if text == "All connections":
        return lambda port: True
    parts = re.findall(r"\{([^{}]*)\}", text)
    if not parts or re.sub(r"\{[^{}]*\}", "", text).strip(", "):
        raise ValueError(f"nca says '{text}'")
    connections = []
    for part in parts:
        match = _NCA_CONNECTION.fullmatch(part)
        if not match:
            raise ValueError(f"nca says '{text}'")
        ranges = [tuple(int(end) for end in (each.split("-") * 2)[:2])
                  for each in (match.group(2) or "1-65535").split(",")]
        connections.append((set(match.group(1).replace(" ", "").split(",")), ranges))
    return lambda port: any(port.protocol in protocols and
                            any(low <= port.number <= high for low, high in ranges)
                            for protocols, ranges in connections)


def read_nca(lines, flows):
    """`nca --connectivity -o txt_no_fw_rules`"""
    admits = {}
    for line in lines:
        match = _NCA_PAIR.fullmatch(line.rstrip("\n"))
        if not match:
            continue  # an address outside, or a heading
        src, dst, text = match.groups()
        if text not in admits:
            admits[text] = nca_admits(text)
        flows.add(src, dst, admits[text])


def read_cyclonus(lines, flows, ports):
    """`cyclonus analyze --mode probe`, which was asked about `ports`: three tables for each."""
    remaining, asked, columns = list(ports), None, None
    for line in lines:
        if line.startswith("Ingress:"):
            # The last table is of no pods: those of a live cluster would stand there.
            asked = remaining.pop(0) if remaining else None
            columns = None
        elif line.startswith("Egress:"):
            columns = None
        elif line.startswith("Combined:") and asked:
            columns = []
        elif columns is not None and line.startswith("|"):
            cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
            if not columns:
                columns = [name.lower() for name in cells[1:]]
                strangers = [name for name in columns if name not in flows.index]
                if strangers:
                    raise ValueError(f"cyclonus knows a pod '{strangers[0]}'")
                continue
            if len(cells) != len(columns) + 1:
                raise ValueError(f"cyclonus has {len(cells)} cells for {len(columns)} pods")
            number, protocol = asked
            for dst, cell in zip(columns, cells[1:]):
                if cell == ".":
                    flows.add(cells[0], dst, lambda port: (port.number, port.protocol) ==
                              (number, protocol))
                elif cell not in ("X", "N"):
                    raise ValueError(f"cyclonus says '{cell}'")
    if remaining:
        raise ValueError(f"cyclonus has no table for port {remaining[0][0]}")
