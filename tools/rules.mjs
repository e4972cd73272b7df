// Prints which tests name which rule, and fails when a rule that the documents
// claim is named by no test.
//
// Ids: rules (C-5, X-02), edges ("edge 31"), sections ("RULES 2.11") and cases
// from public reports (W4, E7, N6, X3). A test names one in its own name
// (`C_5_…`, `edge_43_44_…`, `W4_…`, `w4_…`, `rules_2_11_…`), in a comment before or
// inside it, or at the start of a text in its table ("W4 …").
//
// usage: node tools/rules.mjs [ROOT]

import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

const root = process.argv[2] ?? '.';
const listed = 'docs/rules.md';

function filesUnder(folder, endings) {
  return readdirSync(join(root, folder), { withFileTypes: true })
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory())
        return entry.name === 'node_modules' ? [] : filesUnder(path, endings);
      return endings.some((end) => entry.name.endsWith(end)) ? [path] : [];
    });
}

const read = (path) => readFileSync(join(root, path), 'utf8');

const single = /(?<![\w.-])([EAXPBGRICVQMKUDLT]-\d{1,2}|[WENX]\d{1,2})(?![\w-]|\.\d)/g;
const edges = /\bedges? (\d{1,3}(?:(?:,? and |, ?|[–-])\d{1,3})*)/gi;
const sections = /\bRULES (\d\.\d{1,2}(?:\.\d{1,2})?(?:, \d\.\d{1,2}(?:\.\d{1,2})?)*)/g;

function numbersOf(list) {
  const found = [];
  for (const [, from, to] of list.matchAll(/(\d+)(?:[–-](\d+))?/g))
    for (let n = +from; n <= +(to ?? from); ++n) found.push(n);
  return found;
}

/// The ids that a text names.
export function idsInText(text) {
  const found = new Set([...text.matchAll(single)].map((match) => match[1]));
  for (const [, list] of text.matchAll(edges))
    for (const n of numbersOf(list)) found.add(`edge ${n}`);
  for (const [, list] of text.matchAll(sections))
    for (const section of list.split(', ')) found.add(`RULES ${section}`);
  return found;
}

/// The ids that the name of a test names.
export function idsInName(name) {
  const found = new Set();
  const between = (body) => new RegExp(`(?<=^|_)${body}(?=_|$)`, 'g');
  for (const [, letter, n] of name.matchAll(between('([A-Z])_(\\d{1,2})')))
    found.add(`${letter}-${n}`);
  for (const [id] of name.matchAll(between('[WENXw]\\d{1,2}')))
    found.add(id.toUpperCase());
  for (const [, list] of name.matchAll(between('[Ee]dges?((?:_\\d{1,3})+)')))
    for (const n of list.slice(1).split('_')) found.add(`edge ${n}`);
  for (const [, list] of name.matchAll(between('rules((?:_\\d{1,2})+)')))
    found.add(`RULES ${list.slice(1).replaceAll('_', '.')}`);
  return found;
}

/// Map from id to the tests that name it.
function testsById() {
  const tests = new Map();
  const note = (ids, test) => {
    for (const id of ids) {
      if (!tests.has(id)) tests.set(id, new Set());
      tests.get(id).add(test);
    }
  };
  for (const path of filesUnder('tests', ['.cpp', '.hpp', '.js', '.sh']))
    scan(path, note);
  return tests;
}

const head = /^\s*(?:TEST(?:_[FP])?|RC_GTEST(?:_FIXTURE)?_PROP)\(\s*(\w+),\s*(\w+)/;

function scan(path, note) {
  let current = path;
  let pending = new Set();
  const lines = read(path).split('\n');
  lines.forEach((line, at) => {
    const begun = `${line}\n${lines[at + 1] ?? ''}`.match(head);
    if (begun && line.includes('(')) {
      current = `${path}: ${begun[1]}.${begun[2]}`;
      note(pending, current);
      note(idsInName(begun[2]), current);
      pending = new Set();
      return;
    }
    const comment = line.match(/(?:^|\s)(?:\/\/+|#)(.*)$/);
    const texts = [...line.matchAll(/"([WENX]\d{1,2})(?=[ :])/g)];
    const ids = new Set(texts.map((match) => match[1]));
    if (comment) idsInText(comment[1]).forEach((id) => ids.add(id));
    // Before a test it is the next one's, inside it is its own.
    if (/^\/\//.test(line)) ids.forEach((id) => pending.add(id));
    else note(ids, current);
    if (line === '' || at + 1 === lines.length) {
      note(pending, current);
      pending = new Set();
    }
  });
}

/// Map from id to where it is claimed.
function claims() {
  const found = new Map();
  const paths = ['README.md', 'README.zh-CN.md', 'CHANGELOG.md',
    'domain/README.md', ...filesUnder('docs', ['.md'])];
  for (const path of paths)
    for (const id of idsInText(read(path)))
      found.set(id, [...(found.get(id) ?? []), path]);
  return found;
}

function descriptions() {
  const found = new Map();
  for (const [, id, words] of
    read(listed).matchAll(/^\| ([^|]+?) \| ([^|]+?) \|$/gm))
    found.set(id, words);
  return found;
}

const order = (a, b) => a.localeCompare(b, 'en', { numeric: true });

function main() {
  const tests = testsById();
  const claimed = claims();
  const described = descriptions();
  const all = new Set([...tests.keys(), ...claimed.keys()]);
  const bare = [];
  for (const id of [...all].sort(order)) {
    console.log(`${id}  ${described.get(id) ?? ''}`.trimEnd());
    for (const test of tests.get(id) ?? []) console.log(`    ${test}`);
    if (!tests.has(id)) bare.push(id);
  }
  for (const id of bare)
    console.error(`${id}: claimed in ${claimed.get(id).join(', ')}, `
      + 'named by no test');
  console.error(`rules: ${all.size} named, ${bare.length} without a test`);
  process.exitCode = bare.length === 0 ? 0 : 1;
}

main();
