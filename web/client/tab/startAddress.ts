import type { ProofTab } from './proof.types.ts';

/**
 * The page that begins a sign-in, with what it has to know in its query: `session`, the id of the session that is to go
 * on, or `prompt=select_account` for a user who has said that they are somebody else. What stands there already stays.
 *
 * @returns an absolute address
 * @see OpenID Connect Core 1.0 §3.1.2.1
 */
export function startAddress(
  url: string,
  { session, isAnother }: Pick<ProofTab, 'session' | 'isAnother'>,
  page: string,
): string {
  const address = new URL(url, page);
  const { searchParams } = address;
  if (session !== null && !searchParams.has('session')) searchParams.set('session', session);
  if (session === null && isAnother && !searchParams.has('prompt')) searchParams.set('prompt', 'select_account');
  return address.href;
}
