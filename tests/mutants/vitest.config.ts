import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** What takes longest comes last: most mutants are found before. */
class QuickFirst extends BaseSequencer {
  override sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification) =>
      ['tab', 'laws'].findIndex((name) => moduleId.includes(`/${name}.`));
    return Promise.resolve(files.toSorted((a, b) => rank(a) - rank(b) || a.moduleId.localeCompare(b.moduleId)));
  }
}

/** The tests of `machines/` alone, and as quick as can be: they run once for every mutant. */
export default defineConfig({
  test: {
    include: ['tests/machines/**/*.test.ts'],
    // What takes long, and what compares the drawings with the machines, so that it would find every change of a word.
    exclude: ['tests/machines/*.deep.test.ts', 'tests/machines/drawing.test.ts'],
    setupFiles: ['tests/mutants/setup.ts'],
    env: { CURFEW_RUNS: '40' },
    fsModuleCache: true,
    sequence: { sequencer: QuickFirst },
    pool: 'threads',
    isolate: false,
    fileParallelism: false,
    bail: 1,
    reporters: ['dot'],
  },
});
