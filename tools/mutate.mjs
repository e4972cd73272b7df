// Writes one fault at a time into the source, builds the tests that must notice
// it, runs them, and reports the share that was noticed. The list of faults is
// tools/mutations.txt. Sources are put back, whatever happens.
//
// usage: node tools/mutate.mjs [--check] [--every N] [PART_OF_PATH…]
//   --check    only whether every fault still applies to the sources
//   --every N  only each N-th fault
//
// Environment: ZHIKU_BUILD_DIR (build/dev); ZHIKU_BUILD_COMMAND, which gets the
// targets as arguments; ZHIKU_TEST_DSN for the tests that need a database.

import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';

const buildDir = process.env.ZHIKU_BUILD_DIR ?? 'build/dev';
const buildCommand = process.env.ZHIKU_BUILD_COMMAND?.split(' ')
  ?? ['cmake', '--build', buildDir, '--target'];
const longestRun = 300_000; // ms; a test that hangs has noticed

/// [{file, tests, before, after}] in the order of the list.
function readFaults(text) {
  const faults = [];
  let file, tests, fault, former = '';
  text.split('\n').forEach((line) => {
    const kind = line[0] ?? '';
    if (line.startsWith('== ')) [file, ...tests] = line.slice(3).split(' ');
    else if (kind === '-') {
      if (former !== '-')
        faults.push(fault = { file, tests, before: [], after: [] });
      fault.before.push(line.slice(2));
    } else if (kind === '+') fault.after.push(line.slice(2));
    former = kind;
  });
  return faults.map((one) => ({
    ...one, before: one.before.join('\n'), after: one.after.join('\n'),
  }));
}

const occurrences = (text, part) => text.split(part).length - 1;

const describe = (fault) =>
  `${fault.file}: ${fault.before.trim()} → ${fault.after.trim() || '(nothing)'}`;

function run(command, args) {
  const done = spawnSync(command, args, {
    encoding: 'utf8', timeout: longestRun, killSignal: 'SIGKILL',
    maxBuffer: 1 << 28,
  });
  return done.status === 0;
}

/// "killed", "survived", "stale" (no longer applies) or "unbuildable".
function tryFault(fault) {
  const original = readFileSync(fault.file, 'utf8');
  if (occurrences(original, fault.before) !== 1) return 'stale';
  const restore = () => writeFileSync(fault.file, original);
  const stop = () => { restore(); process.exit(130); };
  process.on('SIGINT', stop).on('SIGTERM', stop);
  try {
    writeFileSync(fault.file,
      original.replace(fault.before, () => fault.after));
    const [command, ...first] = buildCommand;
    if (!run(command, [...first, ...fault.tests])) return 'unbuildable';
    const noticed = fault.tests.some((test) => !run(`${buildDir}/bin/${test}`,
      ['--gtest_brief=1']));
    return noticed ? 'killed' : 'survived';
  } finally {
    restore();
    process.off('SIGINT', stop).off('SIGTERM', stop);
  }
}

function chosenFaults(args) {
  const at = args.indexOf('--every');
  const every = at < 0 ? 1 : Number(args[at + 1]);
  const paths = args.filter((one, i) =>
    !one.startsWith('--') && (at < 0 || i !== at + 1));
  return readFaults(readFileSync('tools/mutations.txt', 'utf8'))
    .filter((one) => paths.length === 0
      || paths.some((path) => one.file.includes(path)))
    .filter((_, i) => i % every === 0);
}

function check(faults) {
  const stale = faults.filter((one) =>
    occurrences(readFileSync(one.file, 'utf8'), one.before) !== 1);
  for (const one of stale) console.log(`stale: ${describe(one)}`);
  console.log(`${faults.length} faults, ${stale.length} stale`);
  return stale.length === 0;
}

function main(args) {
  const faults = chosenFaults(args);
  if (args.includes('--check')) return check(faults);
  const count = { killed: 0, survived: 0, stale: 0, unbuildable: 0 };
  for (const fault of faults) {
    const verdict = tryFault(fault);
    ++count[verdict];
    console.log(`${verdict}: ${describe(fault)}`);
  }
  const tried = count.killed + count.survived;
  console.log(`${count.killed} of ${tried} killed`
    + ` (${tried === 0 ? 0 : Math.round(100 * count.killed / tried)} %);`
    + ` ${count.stale} stale, ${count.unbuildable} could not be built`);
  return count.survived === 0;
}

process.exitCode = main(process.argv.slice(2)) ? 0 : 1;
