import type { TabProblem } from '../machines/index.ts';
import { durationInWords } from './words.ts';

const known: Readonly<Record<string, string>> = {
  invalid_credentials: 'That is not the right password. Nothing has been lost; try again.',
  session_limit: 'You are signed in on as many devices as are allowed. Sign out on another one first.',
  network: 'We couldn’t reach the server. Your work is safe here; try again in a moment.',
  unavailable: 'The server cannot do this at the moment. Your work is safe here; try again soon.',
};

/** What did not work, and what to do about it, in words. */
export function problemInWords({ code, retryAfter }: TabProblem): string {
  if (code === 'too_many_attempts')
    return `Too many tries. Wait ${durationInWords(Math.max(1000, retryAfter ?? 1000))}, then try again.`;
  return known[code] ?? 'That did not work. Try again.';
}
