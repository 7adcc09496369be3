import { hash } from 'node:crypto';
import { recentlyUsed } from '../store/recentlyUsed.ts';
import type { Claims } from './sessionTokens.ts';

/** How many are remembered at most. One is about 300 bytes. */
const longestMemory = 65_536;

/** Remembers which tokens were verified, and what they say. */
export interface VerifiedTokens {
  readonly get: (token: string) => Claims | undefined;
  readonly add: (token: string, claims: Claims) => void;
  readonly delete: (token: string) => void;
}

// What is looked for is a hash: how long it takes tells nothing of the tokens that are known, and no token is kept.
const keyOf = (token: string): string => hash('sha256', token, 'binary');

/**
 * Remembers tokens as long as they are used, their generation is good and the process lives: with another secret it begins
 * with none. What is
 * remembered is what the signature proves; the state of the session, its generation and `exp` are judged at each request.
 */
export function verifiedTokens(limit = longestMemory): VerifiedTokens {
  const known = recentlyUsed<Claims>(limit, () => 1);
  return {
    get: (token) => known.get(keyOf(token)),
    add: (token, claims) => known.set(keyOf(token), claims),
    delete: (token) => known.delete(keyOf(token)),
  };
}
