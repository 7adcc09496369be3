import { createHash } from 'node:crypto';
import { z } from 'zod';
import { seconds, type Duration } from '../../machines/index.ts';
import type { Claims } from '../keys/sessionTokens.ts';
import type { HttpDependencies } from './dependencies.ts';

/** How long a ticket can be used, in ms. */
const lifetime: Duration = seconds(30);

type TicketDependencies = Pick<HttpDependencies, 'singleUse' | 'clock' | 'newId'>;

const claims = z.object({ sid: z.string(), sub: z.string(), gen: z.number(), iat: z.number(), exp: z.number() });

/** What is kept says nothing that could be used. */
const keyOf = (ticket: string): string => `ticket ${createHash('sha256').update(ticket).digest('base64url')}`;

/** Makes a ticket for one socket of a session, by the generation that asks: for 30 s. */
export async function issueTicket(
  { singleUse, clock, newId }: TicketDependencies,
  { sid, sub, gen, iat, exp }: Claims,
): Promise<string> {
  const ticket = newId();
  const now = clock();
  if (!(await singleUse.put(keyOf(ticket), JSON.stringify({ sid, sub, gen, iat, exp }), now + lifetime, now)))
    throw new Error('newId has returned the same id twice');
  return ticket;
}

/** Takes a ticket, which is gone then. @returns what it stands for, or `null` for one that is none, or not any more. */
export async function takeTicket(
  { singleUse, clock }: Omit<TicketDependencies, 'newId'>,
  ticket: string,
): Promise<Claims | null> {
  const kept = await singleUse.take(keyOf(ticket), clock());
  return kept === null ? null : claims.parse(JSON.parse(kept));
}
