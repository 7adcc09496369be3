import { Refused } from '../http/problem.ts';

/**
 * Sends a sign-in with a key of its own. When no answer came, the next one for the same user has the same key: if the first
 * had arrived after all, the server makes no second session of it. Passwords are not remembered here.
 *
 * @param newId makes a key of at least 128 random bits
 */
export function repeatableSignIn(newId: () => string) {
  let unanswered: { readonly key: string; readonly asked: string } | null = null;
  return async <Answer>(of: readonly unknown[], send: (key: string) => Promise<Answer>): Promise<Answer> => {
    const asked = JSON.stringify(of);
    const key = unanswered?.asked === asked ? unanswered.key : newId();
    unanswered = { key, asked };
    try {
      const answer = await send(key);
      unanswered = null;
      return answer;
    } catch (error) {
      if (error instanceof Refused && error.code !== 'network') unanswered = null;
      throw error;
    }
  };
}
