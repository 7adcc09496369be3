/** How many checks passed and failed. */
export type Count = { passed: number; failed: number };

type Outcome = { status: string; fullName?: string; failureMessages?: string[] };
type Report = { testResults: { status: string; name?: string; message?: string; assertionResults: Outcome[] }[] };

/**
 * Counts a Vitest run by its JSON report. Only `passed` passes: skipped, todo and unfinished tests count as failed, and
 * so does a file that did not load, a run without tests, without a report, or that failed outside of any test.
 */
export function tally(isClean: boolean, reportText: string | undefined): Count {
  const count: Count = { passed: 0, failed: 0 };
  for (const file of parse(reportText).testResults) {
    const passed = file.assertionResults.filter((test) => test.status === 'passed').length;
    const failed = file.assertionResults.length - passed;
    const isBrokenFile = failed === 0 && (file.status !== 'passed' || passed === 0);
    count.passed += passed;
    count.failed += failed + (isBrokenFile ? 1 : 0);
  }
  const isBrokenRun = count.failed === 0 && (!isClean || count.passed === 0);
  return isBrokenRun ? { ...count, failed: 1 } : count;
}

/** What did not pass, each by its file, its whole name and the first lines of what it said. */
export function failuresIn(reportText: string | undefined): string[] {
  return parse(reportText).testResults.flatMap(({ name = '', status, message = '', assertionResults }) => {
    const failed = assertionResults.filter((test) => test.status !== 'passed');
    if (failed.length === 0 && status !== 'passed') return [told(name, message)];
    return failed.map((test) => told(`${name} > ${test.fullName}`, test.failureMessages?.join('\n') ?? test.status));
  });
}

const told = (title: string, message: string) => `${title}\n${message.split('\n').slice(0, 16).join('\n')}`;

function parse(text: string | undefined): Report {
  try {
    return JSON.parse(text ?? '') as Report;
  } catch {
    return { testResults: [] };
  }
}
