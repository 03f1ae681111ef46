// How the tests of reports get at the program, its results and the tools beside them.
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export const tools = process.env.NODE_TOOLS;
export const require = createRequire(join(tools, 'here.js'));
export const program = process.argv[2];
export const folder = mkdtempSync(join(tmpdir(), 'meshproof-web-'));

// The standard output of a run that ended with one of these codes.
export function run(args, codes = [0, 1, 3], input = '') {
  const result = spawnSync(program, args, { encoding: 'utf8', input, maxBuffer: 1 << 30,
    env: { ...process.env, SOURCE_DATE_EPOCH: '1790000000' } });
  if (!codes.includes(result.status)) {
    throw new Error(`meshproof ${args.join(' ')} ended with ${result.status ?? result.signal}: ${result.stderr}`);
  }
  return result.stdout;
}

let failures = 0;
let checks = 0;
export function check(fact, words) {
  ++checks;
  if (fact) return;
  ++failures;
  console.error('FAILED: ' + words);
}

// Ends the test: without a single check nothing was tested.
export function finish() {
  console.log(`${checks - failures} of ${checks} checks passed`);
  process.exit(failures === 0 && checks > 0 ? 0 : 1);
}
