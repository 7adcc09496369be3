import { saysLost, saysOver, type SessionView } from '../../../machines/index.ts';
import type { Sent } from './authenticatedRequests.ts';
import type { ClientPorts } from './client.types.ts';
import { refusalIn, type Refused } from './problem.ts';
import { isRecord, isView, versionIn } from './wire.ts';

/** Whether a body has a view of the session. */
export const hasView = (body: unknown): body is { readonly session: SessionView } =>
  isRecord(body) && isView(body['session']);

/** @returns what an answer says about the credential, `null` when it was accepted. */
export const refusedIn = async ({ clock }: ClientPorts, response: Response): Promise<Refused | null> =>
  response.status === 401 ? refusalIn(response, clock.now()) : null;

/** Tells what a refusal means for this tab, if the tab is still about the session that was refused. */
export function tellRefusal(ports: ClientPorts, refusal: Refused, { session }: Sent): void {
  if (session !== ports.known()?.id) return;
  if (saysOver(refusal)) ports.onRefused(refusal.reason);
  else if (saysLost(refusal)) ports.onLost();
}

/** Takes the token and the view of an answer to one of Curfew's own routes. */
export function takeAnswer(
  { clock, tokens, announce, onView }: ClientPorts,
  path: string,
  { token, sentAt }: Sent,
  { body, quiet }: { readonly body: Readonly<Record<string, unknown>>; readonly quiet: boolean },
): void {
  const given = body['token'];
  // A refresh in another tab may have been faster; a sign-in or a re-authentication makes every other token worthless.
  if (typeof given === 'string' && path === '/refresh') tokens?.replace(token, given);
  else if (typeof given === 'string') tokens?.write(given);
  if (!hasView(body)) return;
  clock.learn(body.session.serverNow, sentAt);
  announce(body.session);
  if (!quiet) onView(body.session);
}

/** Whether an answer's header says that the session has moved on elsewhere. */
export function isOutdatedBy({ known }: ClientPorts, response: Response): boolean {
  const version = versionIn(response.headers);
  const here = known();
  return version !== null && here !== null && version > here.version && response.ok;
}
