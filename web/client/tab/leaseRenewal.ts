import { minutes, seconds, type Duration, type Instant, type Policy } from '../../../machines/index.ts';
import { createAlarm, type Alarm } from '../device/timer.ts';
import { Refused } from '../http/problem.ts';
import type { LeasePorts, LeaseStatus } from './lease.types.ts';

/** One lease in this tab. */
export interface Holder {
  readonly end: Instant;
  status: LeaseStatus;
  readonly listeners: Set<() => void>;
}

/** All leases of one kind: they are one to the server. */
export interface Holding {
  readonly kind: string;
  readonly holders: Set<Holder>;
  readonly alarm: Alarm;
  isAsking: boolean;
}

/** The leases of a tab by their kind, and what they need. */
export interface LeaseContext extends LeasePorts {
  readonly holdings: Map<string, Holding>;
}

const tryAgainAfter = seconds(10);

/** How often a lease is renewed: often enough that no warning comes in between. */
const renewEvery = ({ warnBefore, idleTimeout }: Policy): Duration =>
  Math.max(seconds(1), Math.min(minutes(5), warnBefore, (idleTimeout - warnBefore) / 2));

/** How long one renewal reaches: over the next two and the warning, so that a tab that crashes holds nothing for long. */
const reach = (policy: Policy): Duration => policy.warnBefore + 3 * renewEvery(policy);

function tell(holding: Holding, status: LeaseStatus): void {
  for (const holder of holding.holders) {
    if (holder.status === status) continue;
    holder.status = status;
    for (const listener of holder.listeners) listener();
  }
}

/** @returns the leases of this kind; where there are none, a new one without a holder. */
export function holdingOf(context: LeaseContext, kind: string): Holding {
  const there = context.holdings.get(kind);
  if (there) return there;
  const made: Holding = {
    kind,
    holders: new Set(),
    alarm: createAlarm(context, () => void renew(context, made)),
    isAsking: false,
  };
  context.holdings.set(kind, made);
  return made;
}

/** Ends the leases of a kind in this tab. */
export function end({ holdings }: LeaseContext, holding: Holding, status: LeaseStatus): void {
  holding.alarm.stop();
  holdings.delete(holding.kind);
  tell(holding, status);
}

/** Ends the leases of a kind at the server; where that fails, they run out by themselves. */
export const deleteThere = (context: LeaseContext, { kind }: Holding): void =>
  void context.delete(kind).catch(() => {});

/** Asks the server for the next stretch, for as long as the longest of the leases lasts. */
export async function renew(context: LeaseContext, holding: Holding): Promise<void> {
  const { view, clock, put, holdings } = context;
  const { kind } = holding;
  const here = view();
  const now = clock.now();
  const last = Math.max(...[...holding.holders].map((holder) => holder.end));
  if (now >= last || here === null) {
    end(context, holding, 'over');
    if (here !== null) deleteThere(context, holding);
    return;
  }
  if (holding.isAsking) return;
  holding.isAsking = true;
  const { policy } = here;
  // A policy without leases is asked all the same: what is refused is the server's to say.
  const ms = Math.max(1, Math.floor(Math.min(last - now, reach(policy), policy.maxLease || Infinity)));
  const outcome = await put(kind, ms).then(
    () => 'held' as const,
    (error: unknown) => statusAfter(error),
  );
  holding.isAsking = false;
  if (holdings.get(kind) !== holding) {
    // It was released while this was on its way.
    if (outcome === 'held' && !holdings.has(kind)) deleteThere(context, holding);
    return;
  }
  if (outcome === 'refused') return end(context, holding, outcome);
  tell(holding, outcome);
  const after = outcome === 'held' ? renewEvery(policy) : tryAgainAfter;
  holding.alarm.set(Math.min(last, clock.now() + after));
}

/** What a refusal means for a lease; only what the server forbids is for good. */
function statusAfter(error: unknown): LeaseStatus {
  if (!(error instanceof Refused)) return 'unreachable';
  if (error.code === 'answer_first') return 'waiting';
  return ['network', 'unavailable', 'token_expired'].includes(error.code) || error.code.startsWith('http_5')
    ? 'unreachable'
    : 'refused';
}
