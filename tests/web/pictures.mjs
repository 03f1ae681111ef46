// pictures.mjs PROGRAM: makes the pictures of docs/pictures anew. No test: fonts differ.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { folder, require, run } from './run_program.mjs';

const { chromium } = require('playwright-core');
const file = join(folder, 'report.html');
writeFileSync(file, run(['report', '-f', 'scenarios/library/bookinfo-joins-networkpolicy/cluster.yaml',
  '--join', 'bookinfo', '--quiet', '-o', 'html']));
mkdirSync('docs/pictures', { recursive: true });
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM, args: ['--no-sandbox'] });
const page = await (await browser.newContext({ viewport: { width: 1100, height: 760 } })).newPage();
await page.goto(pathToFileURL(file).href);
await page.screenshot({ path: 'docs/pictures/report-light.png' });
await page.locator('table.grid[data-state="after"] button[aria-label^="storefront to databases:"]')
  .click();
await page.setViewportSize({ width: 1100, height: 1250 });
await page.locator('#matrix').evaluate(title => title.scrollIntoView());
await page.screenshot({ path: 'docs/pictures/report-matrix.png' });
await page.setViewportSize({ width: 1100, height: 1500 });
await page.locator('#graph').evaluate(title => title.scrollIntoView());
await page.screenshot({ path: 'docs/pictures/report-change.png' });
await browser.close();
