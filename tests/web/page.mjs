// The auditor's page in a real Chromium: what it shows, selecting, filters, the keyboard, printing,
// and that nothing leaves it.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { check, finish, folder, require, run } from './run_program.mjs';

const { chromium } = require('playwright-core');
const axe = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
const pictures = process.argv[3];
if (pictures) mkdirSync(pictures, { recursive: true });

const browser = await chromium.launch({ executablePath: process.env.CHROMIUM, args: ['--no-sandbox'] });

// Opens a page; everything that it should not do is a failed check.
async function open(name, html, options = {}) {
  const file = join(folder, name + '.html');
  writeFileSync(file, html);
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  const page = await context.newPage();
  const address = pathToFileURL(file).href;
  page.on('console', message => {
    if (['error', 'warning'].includes(message.type())) check(false, `${name}: ${message.text()}`);
  });
  page.on('pageerror', error => check(false, `${name}: ${error}`));
  page.on('dialog', dialog => { check(false, `${name}: ${dialog.message()}`); dialog.dismiss(); });
  page.on('request', request => {
    if (request.url() !== address) check(false, `${name} asks for ${request.url()}`);
  });
  await page.goto(address);
  return page;
}

async function picture(page, name) {
  if (pictures) await page.screenshot({ path: join(pictures, name + '.png'), fullPage: true });
}

// axe would be kept out by the page's own policy, as it should be: it is put into a copy without.
async function accessible(name, html, options = {}) {
  const page = await open(name + '-axe',
    html.replace(/<meta http-equiv="Content-Security-Policy"[^>]*>/, ''), options);
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() => window.axe.run());
  const grave = violations.filter(each => ['serious', 'critical'].includes(each.impact));
  check(grave.length === 0, `${name}: axe finds ${JSON.stringify(grave.map(each =>
    [each.id, each.nodes.slice(0, 2).map(node => node.html.slice(0, 200))]))}`);
  await page.context().close();
}

const library = 'scenarios/library';
const bookinfo = join(library, 'bookinfo-joins-networkpolicy/cluster.yaml');
const change = ['report', '-f', bookinfo, '--join', 'bookinfo', '--quiet', '-o', 'html'];
const html = run(change);
check(html === run(change), 'the same input gives other bytes');
check(!/(src|href)="(?!#)/.test(html), 'the page refers to something outside of it');

const page = await open('bookinfo', html);
await picture(page, 'bookinfo-light');
const chapters = await page.locator('h2').allTextContents();
for (const title of ['Scope and provenance', 'Verdicts', 'Meshes and members', 'Who reaches whom',
  'Graph', 'The change', 'Findings', 'Register of exceptions', 'Residual risks and assumptions',
  'Controls that this report supports']) {
  check(chapters.includes(title), `there is no chapter ${title}`);
}
const text = await page.locator('main').innerText();
for (const words of ['TCP 9080', bookinfo, 'PCI DSS 4.0', 'NIST SP 800-53', 'SOC 2', 'SHA-256',
  'openshift-sdn/networkpolicy']) {
  check(text.includes(words), `the page does not show ${words}`);
}
check(!/compliant|certified/i.test(text), 'the page says more than it may');

// The change: its steps in order, the worst moment with what is in effect, and what can go wrong.
const steps = page.locator('table', { has: page.locator('caption', { hasText: 'The mesh writes for bookinfo' }) });
const numbers = (await steps.locator('tbody td:first-child').allTextContents()).map(Number);
check(numbers.length > 5 && numbers.every((each, i) => each === (numbers[i - 1] ?? 1) || each === numbers[i - 1] + 1),
  'the steps are not numbered in their order: ' + numbers);
check((await steps.innerText()).includes('NetworkPolicy bookinfo/istio-mesh-basic'), 'a step is missing');
const moment = page.locator('details', { has: page.locator('summary', { hasText: 'worst moment of no-blackhole' }) });
check(/in effect[\s\S]*not yet in effect/.test(await moment.innerText()), 'the worst moment is not told');
check(await page.locator('summary', { hasText: 'that could happen meanwhile' }).count() === 1, 'no hazard');
check(await page.locator('.graph .edge.lost').count() > 0, 'the graph does not show what closes');
check(await page.locator('.graph .edge.gained').count() > 0, 'the graph does not show what opens');

// A cell shows its pair: ports, deciding rule with file and line, the reason of a denial.
const grid = page.locator('table.grid[data-state="after"]');
const cell = (from, to) => grid.locator(`button[aria-label^="${from} to ${to}:"]`);
await cell('storefront', 'databases').click();
let pair = await page.locator('#pair').innerText();
check(pair.includes('storefront → databases'), 'the selected cell is not shown: ' + pair);
check(pair.includes('closed') && pair.includes('only-bookinfo'), 'no reason of a denial: ' + pair);
check(/cluster\.yaml:\d+/.test(pair), 'no place of the deciding rule: ' + pair);
check(pair.includes('Before the change:'), 'the state before is not told');
check(await cell('storefront', 'databases').getAttribute('aria-pressed') === 'true', 'not pressed');
await page.keyboard.press('ArrowRight');
await page.keyboard.press('Enter');
check(await page.locator('#pair').innerText() !== pair, 'arrows and Enter select no other cell');

// The matrix says what reach says of the state after.
const state = join(folder, 'after.json');
run(['plan', '-f', bookinfo, '--join', 'bookinfo', '--quiet', '--state-out', state]);
const reach = JSON.parse(run(['reach', '-f', state, '--quiet', '-o', 'json']));
const open_pairs = new Set(reach.connections.filter(each => each.src.namespace && each.dst.namespace &&
  each.src.kind !== 'Node' && each.dst.kind !== 'Node')
  .map(each => `${each.src.namespace} ${each.dst.namespace}`));
const names = [...new Set(reach.connections.flatMap(each => [each.src.namespace, each.dst.namespace]))]
  .filter(name => name);
check(names.length >= 4, 'reach shows hardly a project');
for (const from of names) {
  for (const to of names) {
    if (from === to || await cell(from, to).count() === 0) continue;
    const label = await cell(from, to).getAttribute('aria-label');
    check(label.includes(': closed') !== open_pairs.has(`${from} ${to}`),
      `the matrix and reach differ: ${label}`);
  }
}

// Before and after.
await page.getByLabel('before it').check();
check(await grid.isHidden(), 'the state after is still shown');
check(await page.locator('table.grid[data-state="before"]').isVisible(), 'no state before');

// Looking up by name, also one name alone, and a wrong one.
await page.fill('#from', 'storefront');
await page.fill('#to', 'bookinfo');
await page.keyboard.press('Enter');
pair = await page.locator('#pair').innerText();
check(pair.includes('storefront → bookinfo'), 'a pair cannot be looked up: ' + pair);
await page.fill('#to', '');
await page.keyboard.press('Enter');
check(/storefront reaches \d+ of/.test(await page.locator('#pair').innerText()), 'no list of one');
await page.fill('#from', 'nowhere');
await page.keyboard.press('Enter');
check((await page.locator('#pair').innerText()).includes('no project'), 'a wrong name is not told');

// Filters.
const findings = page.locator('[data-filters="findings"]');
if (await findings.count() > 0) {
  await findings.locator('input[type="search"]').fill('no finding has these words');
  check((await findings.locator('output').innerText()).startsWith('0 of'), 'the filter keeps some');
  check(await page.locator('[data-of="findings"]:visible').count() === 0, 'rows stay in sight');
}
const verdicts = page.locator('[data-filters="verdicts"]');
const held = await page.locator('[data-of="verdicts"][data-is="passed"]').count();
check(held > 0, 'no verdict holds');
await verdicts.getByLabel('hold').uncheck();
check(await page.locator('[data-of="verdicts"][data-is="passed"]:visible').count() === 0,
  'the box hides nothing');
await page.context().close();

// Dark, narrow, printed.
const dark = await open('bookinfo-dark', html, { colorScheme: 'dark' });
await picture(dark, 'bookinfo-dark');
await dark.context().close();
const narrow = await open('bookinfo-narrow', html, { viewport: { width: 400, height: 800 } });
const width = await narrow.evaluate(() => document.documentElement.scrollWidth);
check(width <= 400, `a narrow window has to be scrolled sideways: ${width}`);
await picture(narrow, 'bookinfo-narrow');
const pdf = await narrow.pdf({ format: 'A4' });
check(pdf.length > 10000, 'it prints nothing');
if (pictures) writeFileSync(join(pictures, 'bookinfo.pdf'), pdf);
await narrow.context().close();
for (const colorScheme of ['light', 'dark']) await accessible('bookinfo-' + colorScheme, html, { colorScheme });

// With an address of the sources their lines are links, which are followed by who reads alone.
const sources = 'https://git.invalid/o/r/blob/0a1b';
const linked_html = run([...change, '--source-url', sources]);
const linked = await open('linked', linked_html);
const links = await linked.locator('a:not([href^="#"])').evaluateAll(all =>
  all.map(each => ({ href: each.href, rel: each.rel, text: each.textContent })));
check(links.length > 0, 'no line is a link');
for (const { href, rel, text } of links) {
  check(href.startsWith(`${sources}/${library}/`) && /#L\d+$/.test(href), `a link to ${href}`);
  check(rel === 'noreferrer', `the link to ${href} tells where it is`);
  check(text.includes(`cluster.yaml:${href.split('#L')[1]}`), `${text} leads to ${href}`);
}
await linked.context().close();
await accessible('linked', linked_html);

// Whatever stands in the input is text.
const long = 'n'.repeat(253);
const evil = '</script><script>alert(1)</script><img src=x onerror=alert(2)>"\'&';
const turned = 'abc‮fed';
writeFileSync(join(folder, 'hostile.yaml'), `
apiVersion: v1
kind: Namespace
metadata: {name: shop}
---
apiVersion: v1
kind: Namespace
metadata: {name: ${'s'.repeat(63)}}
---
apiVersion: v1
kind: Pod
metadata: {name: ${long}, namespace: shop, labels: {app: x}}
spec: {containers: [{name: c, image: i}]}
---
apiVersion: v1
kind: Pod
metadata: {name: p, namespace: ${'s'.repeat(63)}}
spec: {containers: [{name: c, image: i}]}
---
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec: {selector: {app: x}, ports: [{port: 80}]}
---
apiVersion: route.openshift.io/v1
kind: Route
metadata: {name: web, namespace: shop}
spec: {host: ${JSON.stringify(evil)}, to: {kind: Service, name: web}}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: ${long}, namespace: shop}
spec: {podSelector: {}, ingress: []}
`);
writeFileSync(join(folder, 'statements.yaml'), `
apiVersion: meshproof.io/v1
kind: Assertions
groups:
  shop: {ns: shop}
  all: {namespaces: {}}
assertions:
- {id: ${JSON.stringify(evil)}, must: allow, from: all, to: shop, description: ${JSON.stringify(evil + turned)}}
- {id: ${long}, must: allow, from: all, to: all}
exceptions:
- {id: ${JSON.stringify(evil)}, assertion: ${long}, owner: ${JSON.stringify(evil)}, ticket: ${JSON.stringify(turned)}, expires: "2999-12-31"}
`);
const hostile_html = run(['report', '-f', join(folder, 'hostile.yaml'), '--assert',
  join(folder, 'statements.yaml'), '--quiet', '-o', 'html'], [0, 1, 3]);
const hostile = await open('hostile', hostile_html);
const shown = await hostile.locator('body').innerText();
check(shown.includes('alert(1)'), 'the hostile name is not shown');
check(!shown.includes('‮'), 'text can turn the text around it');
check(await hostile.locator('img').count() === 0, 'an element of the input is in the page');
await hostile.fill('#from', 'shop');
await hostile.fill('#to', 'shop');
await hostile.keyboard.press('Enter');
await picture(hostile, 'hostile');
await hostile.context().close();
await accessible('hostile', hostile_html);
await browser.close();
finish();
