import { durationInWords, seconds, type TabProblem } from '../../machines/index.ts';
import { english } from './english.ts';
import type { Messages } from './messages.types.ts';

/** What to say when a password was refused. */
export interface ProblemWords {
  /**
   * For `invalid_credentials`: what exactly was wrong depends on what was asked for. Default: that it did not work, as
   * with single sign-on, where nothing is typed here.
   */
  readonly wrong?: string;
}

/** What did not work, as a sentence that says what to do next. */
export function problemInWords(
  { code, retryAfter }: TabProblem,
  { wrong }: ProblemWords = {},
  messages: Messages = english,
): string {
  if (code === 'invalid_credentials' && wrong !== undefined) return wrong;
  if (code === 'too_many_attempts') {
    const wait = Math.max(seconds(1), Math.ceil((retryAfter ?? 0) / 1000) * 1000);
    return messages.tooManyTries(retryAfter === undefined ? null : durationInWords(wait, messages.language));
  }
  const known = code === 'invalid_credentials' ? 'not_signed_in' : code;
  // A code can come from the address of a page.
  return (Object.hasOwn(messages.problems, known) ? messages.problems[known] : null) ?? messages.otherProblem;
}
