import { seconds, type TabProblem } from '../machines/index.ts';
import { durationInWords } from './words.ts';

const known: Readonly<Record<string, string>> = {
  network: "We couldn't reach the server. Nothing is lost. Please try again.",
  unavailable: "The server can't answer right now. Nothing is lost. Please try again in a moment.",
  session_limit: "You're signed in in too many places. Sign out in one of them, then try again.",
  username_taken: 'This user name is taken. Please choose another one.',
  invalid_input: 'Please check what you typed.',
  not_kept: "We couldn't bring everything back by itself. Your drafts are still kept.",
};

/** What to say when a password was refused. */
export interface ProblemWords {
  /** For `invalid_credentials`: what exactly was wrong depends on what was asked for. */
  readonly wrong: string;
}

/** What did not work, as a sentence that says what to do next. */
export function problemInWords({ code, retryAfter }: TabProblem, { wrong }: ProblemWords): string {
  if (code === 'invalid_credentials') return wrong;
  if (code === 'too_many_attempts') {
    const wait = Math.max(seconds(1), Math.ceil((retryAfter ?? 0) / 1000) * 1000);
    return retryAfter === undefined
      ? 'There were too many tries. Please wait a little, then try again.'
      : `There were too many tries. Please wait ${durationInWords(wait)}, then try again.`;
  }
  return known[code] ?? 'Something went wrong on our side. Please try again.';
}
