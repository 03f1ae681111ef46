// large.mjs PROGRAM PROJECTS: the page of a large cluster: how large it is, that it opens, and that
// any pair can be looked up and says what the evaluator says.
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { check, finish, folder, require, run } from './run_program.mjs';

const { chromium } = require('playwright-core');
const projects = Number(process.argv[3]);
const cluster = join(folder, 'cluster.json');
run(['generate', '--namespaces', `${projects}`, '--pods', '3', '--members',
  `${Math.round(projects / 20)}`, '-o', cluster]);
const file = join(folder, 'report.html');
run(['report', '-f', cluster, '--assert', 'builtin:tenancy', '--quiet', '-o', 'html', '--out', file]);
const megabytes = statSync(file).size / 1e6;
console.log(`${projects} projects: ${megabytes.toFixed(1)} MB`);
check(megabytes < 30, `the page has ${megabytes} MB`);

const browser = await chromium.launch({ executablePath: process.env.CHROMIUM, args: ['--no-sandbox'] });
const page = await (await browser.newContext()).newPage();
page.on('pageerror', error => check(false, `${error}`));
page.on('console', message => check(message.type() !== 'error', message.text()));
const start = performance.now();
await page.goto(pathToFileURL(file).href);
await page.locator('#from').fill('');
console.log(`open after ${((performance.now() - start) / 1000).toFixed(2)} s`);

// As many pairs as can be asked in a moment, spread over all projects.
const objects = JSON.parse(readFileSync(cluster, 'utf8')).items;
const pods = new Map(objects.filter(each => each.kind === 'Pod' && !each.spec.hostNetwork)
  .map(each => [each.metadata.namespace, each.metadata.name]));
const names = [...pods.keys()];
const pairs = Array.from({ length: 40 }, (_, i) =>
  [names[(i * 7919) % names.length], names[(i * 104729 + 1) % names.length]])
  .filter(([from, to]) => from !== to);
const port = 8080;
const probes = join(folder, 'probes.json');
writeFileSync(probes, JSON.stringify({ probes: pairs.map(([from, to]) => ({
  src: `${from}/${pods.get(from)}`, dst: `${to}/${pods.get(to)}`, protocol: 'TCP', port })) }));
const answers = JSON.parse(run(['probe', '-f', cluster, '--probes', probes, '--quiet', '-o', 'json']));
for (const [i, [from, to]] of pairs.entries()) {
  await page.fill('#from', from);
  await page.fill('#to', to);
  await page.keyboard.press('Enter');
  const text = await page.locator('#pair').innerText();
  check(text.startsWith(`${from} → ${to}`), `the pair ${from} ${to} is not shown: ${text}`);
  // The matrix speaks of all pods of both, the probe of one: what it has open is not closed there.
  if (answers.results[i].allowed) check(!/^closed$/m.test(text), `open, and shown as closed: ${text}`);
  if (/^all ports$/m.test(text)) check(answers.results[i].allowed, `closed, and shown as open: ${text}`);
  check(/ingress: |egress: /.test(text), `no reason: ${text}`);
}
check(pairs.length > 20, 'hardly a pair was asked');
await browser.close();
finish();
