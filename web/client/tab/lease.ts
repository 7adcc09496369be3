import { minutes } from '../../../machines/index.ts';
import type { LeasePorts, Leases } from './lease.types.ts';
import { deleteThere, end, holdingOf, renew, type Holder, type LeaseContext } from './leaseRenewal.ts';

/**
 * Declares to the server what goes on without the user, in short stretches for as long as it lasts, and never past its own
 * limit or the policy's. Several of one kind are one to the server.
 */
export function createLeases(ports: LeasePorts): Leases {
  const context: LeaseContext = { ...ports, holdings: new Map() };
  const { view, clock, holdings } = context;

  return {
    take(kind, { max } = {}) {
      const longest = view()?.policy.maxLease || minutes(1);
      const holding = holdingOf(context, kind);
      const holder: Holder = {
        end: clock.now() + Math.min(max ?? longest, longest),
        status: 'asking',
        listeners: new Set(),
      };
      holding.holders.add(holder);
      void renew(context, holding);
      return {
        status: () => holder.status,
        subscribe(listener) {
          holder.listeners.add(listener);
          return () => void holder.listeners.delete(listener);
        },
        release() {
          if (!holding.holders.delete(holder)) return;
          holder.status = 'over';
          if (holding.holders.size > 0 || holdings.get(kind) !== holding) return;
          const wasHeld = !holding.isAsking;
          end(context, holding, 'over');
          if (wasHeld && view() !== null) deleteThere(context, holding);
        },
      };
    },
    look() {
      for (const holding of holdings.values()) {
        if (view() === null) end(context, holding, 'over');
        else if (view()?.state === 'active' && [...holding.holders].some(({ status }) => status === 'waiting'))
          void renew(context, holding);
      }
    },
    stop() {
      for (const holding of holdings.values()) end(context, holding, 'over');
    },
  };
}
