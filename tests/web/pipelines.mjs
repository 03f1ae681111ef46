// The pipelines of docs/ci are what GitHub and GitLab take, by their schemas; and these schemas
// refuse what neither of them takes, so that to pass says something.
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { check, finish, require } from './run_program.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const Ajv = require('ajv');
const yaml = require('js-yaml');

// Keywords beside a $ref count, as their authors mean them.
const validator = name => new Ajv({ schemaId: 'auto', extendRefs: true, unknownFormats: 'ignore' })
  .compile(JSON.parse(readFileSync(join(here, 'schemas', name), 'utf8')));

// For each file its schema, and edits that must not pass.
const pipelines = {
  'github-actions.yaml': {
    validate: validator('github-workflow.json'),
    edits: {
      'a workflow without jobs': root => delete root.jobs,
      'a trigger that does not exist': root => { root.on.pull_requests = {}; },
      'a right that does not exist': root => { root.permissions.comments = 'write'; },
      'a right of a wrong kind': root => { root.permissions.contents = 'look'; },
      'a job without a machine': root => delete root.jobs.gate['runs-on'],
      'a misspelt key of a job': root => { root.jobs.gate.contianer = 'debian:12'; },
      'a misspelt key of a step': root => { root.jobs.gate.steps[0].whit = {}; },
      'a step that both uses and runs': root => { root.jobs.gate.steps[0].run = 'true'; },
      'variables as a list': root => { root.jobs.gate.steps[2].env = ['SNAPSHOT=a']; },
    },
  },
  'gitlab-ci.yml': {
    validate: validator('gitlab-ci.json'),
    edits: {
      'a script that is no list of lines': root => { root.meshproof.script = { run: 'true' }; },
      'a misspelt key of a job': root => { root.meshproof.artefacts = {}; },
      'a misspelt key of a rule': root => { root.meshproof.rules[0].change = ['a']; },
      'a report that is no path': root => { root.meshproof.artifacts.reports.junit = { path: 'a' }; },
      'artifacts at a time that does not exist': root => { root.meshproof.artifacts.when = 'often'; },
      'variables as a list': root => { root.meshproof.variables = ['SNAPSHOT=a']; },
    },
  },
};

const examples = 'docs/ci';
const read = name => yaml.load(readFileSync(join(examples, name), 'utf8'));
for (const [name, { validate, edits }] of Object.entries(pipelines)) {
  check(validate(read(name)), `${name}: ${JSON.stringify(validate.errors?.slice(0, 3))}`);
  for (const [what, edit] of Object.entries(edits)) {
    const broken = read(name);
    edit(broken);
    check(!validate(broken), `${name}: its schema takes ${what}`);
  }
}

// What the API server takes is asked of one (tests/cli/ci_docs_server_test.cpp).
for (const name of readdirSync(examples).filter(each => /\.ya?ml$/.test(each) && !pipelines[each])) {
  const documents = yaml.loadAll(readFileSync(join(examples, name), 'utf8'));
  check(documents.every(each => each.apiVersion), `${name} is checked by nothing`);
}
finish();
