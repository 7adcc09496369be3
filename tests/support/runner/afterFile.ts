const calls: (() => unknown)[] = [];

/**
 * Calls when the test file that runs now is over, the last one first. Files share the modules that they import, so that
 * an `afterAll` of a module would belong to the first of them alone.
 */
export const afterFile = (call: () => unknown): void => void calls.push(call);

/** Calls what was to be called. */
export async function endFile(): Promise<void> {
  for (const call of calls.splice(0).toReversed()) await call();
}
