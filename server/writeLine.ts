import type { LogLine } from './session/logLine.ts';
import { systemClock } from './systemClock.ts';

const hasNoReader = (error: Error): boolean =>
  'code' in error && (error.code === 'EPIPE' || error.code === 'ERR_STREAM_DESTROYED');

let isGuarded = false;

/** The program that reads the log may stop, and the server goes on: log lines are lost, and nothing else. */
function guard(): void {
  if (isGuarded) return;
  isGuarded = true;
  process.stdout.on('error', (error: Error) => {
    if (!hasNoReader(error)) throw error;
  });
}

/** Writes a line of the log to standard output, as one line of JSON. */
export const writeLine = ({ msg, level = 'info', ...fields }: LogLine): void => {
  guard();
  const time = new Date(systemClock()).toISOString();
  process.stdout.write(`${JSON.stringify({ time, level, msg, ...fields })}\n`);
};
