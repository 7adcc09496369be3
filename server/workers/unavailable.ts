import type { LogLine } from '../session/logLine.ts';

/** The platform keeps each line that is written to the console. */
export const writeToConsole = ({ msg, level = 'info', ...fields }: LogLine): void =>
  // oxlint-disable-next-line eslint/no-console -- it is the log of the platform
  console.log(JSON.stringify({ level, msg, ...fields }));

/** Answers in place of an object that cannot be opened or reached: the reason goes to the operator alone. */
export function unavailable(error: unknown): Response {
  const failure = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  writeToConsole({ msg: 'unavailable', level: 'error', failure });
  const problem = { type: 'about:blank', title: 'This is not available just now.', status: 503, code: 'unavailable' };
  const headers = { 'Content-Type': 'application/problem+json', 'Cache-Control': 'no-store', 'Retry-After': '5' };
  return new Response(JSON.stringify(problem), { status: 503, headers });
}
