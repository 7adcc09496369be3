import { fromCallback } from 'xstate';
import { isLiveView, seconds, type SessionView, type ViewTold } from '../../../machines/index.ts';
import type { Lease, LeaseOptions, LeasePorts, Leases, LeaseStatus } from './lease.types.ts';
import type { Later } from './loadLater.ts';

const tryAgainAfter = seconds(10);

/** What a lease that is taken before there are any waits with. */
interface Waiting extends Pick<LeasePorts, 'clock' | 'timer'> {
  readonly load: () => Promise<Leases>;
}

/** A lease that is taken as soon as what takes it has been loaded; its limit is counted from now. */
function leaseLater({ clock, timer, load }: Waiting, kind: string, { max }: LeaseOptions = {}): Lease {
  const listeners = new Set<() => void>();
  const end = max === undefined ? undefined : clock.now() + max;
  let status: LeaseStatus = 'asking';
  let release = () => {};
  let isReleased = false;
  const show = (next: LeaseStatus) => {
    if (status === next) return;
    status = next;
    for (const listener of listeners) listener();
  };
  const take = (leases: Leases) => {
    if (isReleased) return;
    const lease = leases.take(kind, end === undefined ? {} : { max: end - clock.now() });
    const look = () => show(lease.status());
    lease.subscribe(look);
    release = lease.release;
    look();
  };
  const ask = () =>
    void load().then(take, () => {
      if (isReleased) return;
      release = timer(ask, tryAgainAfter);
      show('unreachable');
    });
  ask();
  return {
    status: () => status,
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    release() {
      isReleased = true;
      status = 'over';
      release();
    },
  };
}

/** The leases of one tab, and the actor by which its machine tells them how the session is. */
export function leasesOnDemand({ later, ...ports }: Omit<LeasePorts, 'view'> & { readonly later: Later }) {
  let live: SessionView | null = null;
  let leases: Leases | null = null;
  const load = async (): Promise<Leases> => {
    const { createLeases } = await later.load();
    return (leases ??= createLeases({ ...ports, view: () => live }));
  };
  const actor = fromCallback<ViewTold>(({ receive }) => {
    receive(({ view }) => {
      live = isLiveView(view) ? view : null;
      leases?.look();
    });
    return () => {
      live = null;
      leases?.stop();
    };
  });
  return {
    take: (kind: string, options?: LeaseOptions) =>
      leases?.take(kind, options) ?? leaseLater({ ...ports, load }, kind, options),
    actor,
  };
}
