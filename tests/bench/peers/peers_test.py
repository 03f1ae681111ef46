"""What can be known of the comparison without the peers: python3 -m unittest peers_test"""

import io
import os
import sys
import tempfile
import unittest
from contextlib import redirect_stderr, redirect_stdout
from types import SimpleNamespace
from unittest import mock

sys.dont_write_bytecode = True

import answers  # noqa: E402
import measured  # noqa: E402
import peers  # noqa: E402
import tools  # noqa: E402
from cluster import Cluster, Flows, Port, Workload  # noqa: E402

WEB = Workload("shop", "web", {"app": "web"}, [Port(8080, "TCP", "http"), Port(9100, "TCP", "")])
DNS = Workload("infra", "dns", {"app": "dns"}, [Port(5353, "UDP", ""), Port(9100, "TCP", "")])
CLUSTER = Cluster({"shop": {}, "infra": {}}, [WEB, DNS], [])


def opened(flows):
    return [flows.name(place) for place in flows.beyond(Flows(CLUSTER))]


class Answers(unittest.TestCase):
    def test_a_csv_of_meshproof_is_read_pair_by_pair(self):
        flows = Flows(CLUSTER)
        answers.read_meshproof(
            ["access,srcNamespace,srcKind,srcWorkload,srcCidr,dstNamespace,dstKind,dstWorkload,"
             "dstCidr,protocol,fromPort,toPort,reason",
             "allowed,,,,0.0.0.0/0,shop,Deployment,web,,all,,,",
             "allowed,shop,Deployment,web,,infra,Deployment,dns,,all,,,",
             "allowed,infra,Deployment,dns,,shop,Deployment,web,,TCP,8000,8100,",
             "unknown,hosts,Deployment,router,,shop,Deployment,web,,all,,,\"its node, not known\"",
             "never,,,,,,,,,UDP,4789,4789,dropped for everybody"], flows)
        self.assertEqual(opened(flows), ["shop/web to infra/dns 5353/UDP",
                                         "shop/web to infra/dns 9100/TCP",
                                         "infra/dns to shop/web 8080/TCP"])

    def test_an_undecided_pair_of_workloads_is_no_answer(self):
        with self.assertRaisesRegex(ValueError, "shop/web to infra/dns is unknown"):
            answers.read_meshproof(
                ["access,srcNamespace,srcKind,srcWorkload,srcCidr,dstNamespace,dstKind,"
                 "dstWorkload,dstCidr,protocol,fromPort,toPort,reason",
                 "unknown,shop,Deployment,web,,infra,Deployment,dns,,all,,,why"], Flows(CLUSTER))

    def test_what_nca_says_of_a_pair_is_read(self):
        flows = Flows(CLUSTER)
        answers.read_nca(
            ["global: cluster has 2 unique endpoints, 2 namespaces\n",
             "0.0.0.0-255.255.255.255 => shop/web[Deployment] : All connections\n",
             "shop/web[Deployment] => infra/dns[Deployment] : "
             "{protocols:SCTP,UDP},{protocols:TCP,dst_ports:80,9000-9099}\n",
             "infra/dns[Deployment] => shop/web[Deployment] : "
             "{protocols:TCP, UDP,dst_ports:9100}\n"], flows)
        self.assertEqual(opened(flows), ["shop/web to infra/dns 5353/UDP",
                                         "infra/dns to shop/web 9100/TCP"])

    def test_words_of_nca_that_are_not_known_are_no_answer(self):
        for text in ("All but: {protocols:TCP}", "No connections", "{protocols:TCP,src_ports:1}"):
            with self.assertRaises(ValueError, msg=text):
                answers.nca_admits(text)

    def test_only_the_combined_tables_of_cyclonus_count(self):
        head = "|           | SHOP/WEB | INFRA/DNS |\n"
        tables = ["probe:\n"]
        for web, dns in ((".", "."), ("X", ".")):  # 9100/TCP, 5353/UDP
            for title in ("Ingress:\n", "Egress:\n", "Combined:\n"):
                shown = web if title == "Combined:\n" else "."
                tables += [title, "+---+\n", head, f"| shop/web  | N        | {shown}         |\n",
                           f"| infra/dns | {dns}        | .         |\n"]
        tables += ["Ingress:\n", "Egress:\n", "Combined:\n", "+--+\n"]  # of no live cluster
        flows = Flows(CLUSTER)
        answers.read_cyclonus(tables, flows, [(9100, "TCP"), (5353, "UDP")])
        self.assertEqual(opened(flows), ["shop/web to infra/dns 9100/TCP",
                                         "infra/dns to shop/web 9100/TCP"])

    def test_a_missing_table_or_an_unknown_pod_of_cyclonus_is_no_answer(self):
        with self.assertRaisesRegex(ValueError, "no table for port 53"):
            answers.read_cyclonus(["Ingress:\n"], Flows(CLUSTER), [(80, "TCP"), (53, "UDP")])
        with self.assertRaisesRegex(ValueError, "a pod 'shop/other'"):
            answers.read_cyclonus(["Ingress:\n", "Combined:\n", "|  | SHOP/OTHER |\n"],
                                  Flows(CLUSTER), [(80, "TCP")])


class Comparison(unittest.TestCase):
    def test_a_disagreement_is_counted_and_named(self):
        ours, theirs = Flows(CLUSTER), Flows(CLUSTER)
        ours.add("shop/web", "infra/dns", lambda port: True)
        theirs.add("shop/web", "infra/dns", lambda port: port.number == 9100)
        self.assertEqual(peers.agreement(ours, theirs, CLUSTER.declared_ports()),
                         "1 flows of our 2: 1 fewer, 0 more; "
                         "not shop/web to infra/dns 5353/UDP")
        self.assertEqual(peers.agreement(theirs, ours, CLUSTER.declared_ports()),
                         "2 flows of our 1: 0 fewer, 1 more; shop/web to infra/dns 5353/UDP")
        # A peer that was asked about one port is not blamed for the other.
        self.assertEqual(peers.agreement(ours, theirs, [(9100, "TCP")]), "1 flows, the same")

    def test_a_run_beyond_its_limit_is_ended_and_says_so(self):
        with tempfile.TemporaryDirectory() as folder:
            out, err = os.path.join(folder, "out"), os.path.join(folder, "err")
            endless = [sys.executable, "-c", "while True: pass"]
            self.assertTrue(measured.measure(0.1, out, err, endless)["stopped"])
            done = measured.measure(600, out, err, [sys.executable, "-c", "exit(7)"])
            self.assertEqual((done["status"], done["stopped"]), (7, False))
            self.assertGreater(done["memory"], 1_000_000)

    def test_a_peer_that_is_not_here_is_named_with_the_reason(self):
        with tempfile.TemporaryDirectory() as folder, \
                mock.patch.dict(os.environ, {"PATH": folder}), \
                mock.patch.object(tools, "run_installer", return_value="no such package"):
            found, missing = tools.find_peers(folder)
        self.assertEqual(found, [])
        self.assertEqual([(each.name, each.why) for each in missing],
                         [("nca", "no such package"), ("cyclonus", "there is no Go here")])

    def test_an_installer_that_fails_is_quoted(self):
        with redirect_stderr(io.StringIO()):
            self.assertEqual(tools.run_installer([sys.executable, "-c", "exit('no route\\n')"]),
                             "no route")
            self.assertIsNone(tools.run_installer([sys.executable, "-c", ""]))

    @unittest.skipUnless(os.environ.get("MESHPROOF_BINARY"), "needs meshproof")
    def test_a_peer_that_leaves_something_out_is_found_out(self):
        program = os.environ["MESHPROOF_BINARY"]
        ours = tools.meshproof(program)

        def peer(name, script):
            return ours._replace(name=name, command=lambda *arguments: [
                "sh", "-c", script, "sh", *ours.command(*arguments)])

        with tempfile.TemporaryDirectory() as folder, redirect_stdout(io.StringIO()) as shown:
            stops = peers.compare(
                program,
                [peer("honest", '"$@"; exit 0'), peer("forgetful", '"$@" | grep -v project-0003'),
                 peer("broken", 'echo no memory >&2; exit 9')],
                folder, SimpleNamespace(budget=600, limit=600, first=5, sizes=1))
        rows = {cells[3]: cells[9] for cells in
                ([cell.strip() for cell in line.split("|")]
                 for line in shown.getvalue().splitlines()) if cells[3] != "---"}
        self.assertRegex(rows["honest"], r"^[1-9][0-9,]* flows, the same$")
        self.assertRegex(rows["forgetful"], r": [1-9][0-9,]* fewer, 0 more; not .*project-0003/")
        self.assertEqual(rows["broken"], "failed with 9: no memory")
        self.assertEqual(stops, ["broken: stops at 52 workloads: failed with 9: no memory",
                                 "honest: has not stopped", "forgetful: has not stopped"])


if __name__ == "__main__":
    unittest.main()
