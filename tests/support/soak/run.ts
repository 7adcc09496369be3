import { spawnSync } from 'node:child_process';
import { existsSync, globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { withSection } from '../section.ts';
import { countedIn, tableOf } from './table.ts';

// Runs every test that counts, as long as it takes, and ends with one table. `write` puts the table into docs/proof.md too;
// anything else chooses files by a part of their name.
const root = fileURLToPath(new URL('../../..', import.meta.url));
const isCounting = (file: string) => readFileSync(join(root, file), 'utf8').includes('soak/counters.ts');
const wanted = process.argv.slice(2);
const chosen = wanted.filter((each) => each !== 'write');
const files = globSync('tests/**/*.test.ts', { cwd: root })
  .filter(isCounting)
  .filter((file) => chosen.length === 0 || chosen.some((part) => file.includes(part)))
  .toSorted();

const isWriting = wanted.includes('write');
const proof = join(root, 'docs', 'proof.md');
const pageWith = (table: string) => withSection(readFileSync(proof, 'utf8'), 'soak', table);
// A page without a place for the table is found out before hours of counting, not after them.
if (isWriting) pageWith('');

const scratch = mkdtempSync(join(tmpdir(), 'curfew-soak-'));
process.on('exit', () => rmSync(scratch, { recursive: true, force: true }));
const counters = join(scratch, 'counters.jsonl');
const bin = join(root, 'node_modules', '.bin');
const { status } = spawnSync(
  process.execPath,
  [
    join(bin, 'vitest'),
    'run',
    '--project',
    'unit',
    '--project',
    'contract',
    '--project',
    'deep',
    '--project',
    'soak',
    '--no-file-parallelism',
    ...files,
  ],
  {
    cwd: root,
    stdio: 'inherit',
    env: {
      ...process.env,
      PATH: `${bin}${delimiter}${process.env['PATH']}`,
      CURFEW_SOAK: 'all',
      CURFEW_COUNTERS: counters,
    },
  },
);

const table = tableOf(existsSync(counters) ? countedIn(readFileSync(counters, 'utf8')) : []);
console.log(`\n${table}`);
if (isWriting && status === 0) writeFileSync(proof, pageWith(table));
process.exitCode = status ?? 1;
