import { step, viewOf, type Instant, type Policy, type SessionView } from '../../machines/index.ts';
import type { Timer } from '../../web/client/device/timer.ts';
import type { DeviceClock } from '../../web/client/device/clock.ts';
import type { PutThere, ServerCopies } from '../../web/client/work/serverCopies.ts';
import type { Put, Records, StoredRecord } from '../../web/client/work/records.ts';
import type { ServerDraft, VaultKey } from '../../web/client/http/wire.ts';
// What a tab loads later is there already: how long it takes is up to the machine.
import '../../web/client/tab/later.ts';
import '../../web/client/work/draftUpdate.ts';
import { begun, policyWith, t0 } from './machines.ts';

export { policyWith, t0 };

/** What the cipher is doing: it has threads of its own, and how long they take is up to the machine. */
const ciphering = new Set<Promise<unknown>>();

for (const name of ['encrypt', 'decrypt', 'digest', 'sign', 'importKey'] as const) {
  const observed = new Proxy(crypto.subtle[name], {
    apply(real, subtle, given) {
      const answer = Promise.resolve<unknown>(Reflect.apply(real, subtle, given));
      const done = answer.catch(() => {}).finally(() => ciphering.delete(done));
      ciphering.add(done);
      return answer;
    },
  });
  Reflect.defineProperty(crypto.subtle, name, { value: observed, configurable: true });
}

/** Lets everything happen that waits for nothing but other promises and the cipher. */
export async function quiet(): Promise<void> {
  for (let turn = 0; turn < 25; turn++) {
    await new Promise((resolve) => setImmediate(resolve));
    if (ciphering.size === 0) continue;
    await Promise.all(ciphering);
    turn = 0;
  }
}

/** Time that only the test moves: the server's, the device's, and timers that ring when they are due. */
export function createTime({ off = 0 }: { off?: number } = {}) {
  let now: Instant = t0;
  let wallOff = off;
  let slept = 0;
  const timers = new Set<{ at: Instant; run: () => void }>();
  const wakers = new Set<() => void>();
  const timer: Timer = (run, after) => {
    const each = { at: now + after, run };
    timers.add(each);
    return () => void timers.delete(each);
  };
  const device: DeviceClock = { wall: () => now + wallOff, steady: () => now - slept - t0 };
  return {
    server: () => now,
    clock: { now: () => now },
    device,
    timer,
    onWake: (listener: () => void) => {
      wakers.add(listener);
      return () => void wakers.delete(listener);
    },
    pending: () => [...timers].map(({ at }) => at - now),
    wake: () => wakers.forEach((waker) => waker()),
    /** Somebody sets the device's clock. */
    jump: (by: number) => void (wallOff += by),
    /** The device sleeps: no timer rings, and its steady clock stands still. */
    sleep: (duration: number) => {
      now += duration;
      slept += duration;
    },
    pass: async (duration: number): Promise<void> => {
      const end = now + duration;
      await quiet();
      for (;;) {
        const due = [...timers].toSorted((a, b) => a.at - b.at)[0];
        if (!due || due.at > end) break;
        timers.delete(due);
        now = Math.max(now, due.at);
        due.run();
        await quiet();
      }
      now = Math.max(now, end);
      await quiet();
    },
  };
}

/** What the server tells of a session that began at `t0`. */
export function viewAt(at: Instant, policy: Partial<Policy> = {}, id = 's1'): SessionView {
  const { state } = step(begun(policyWith(policy)).state, { type: 'clock.reached', at });
  return viewOf(id, state, at);
}

/** The view with some things moved. */
export const viewWith = (changes: Partial<SessionView>, view = viewAt(t0)): SessionView => ({ ...view, ...changes });

/** Some vault key; the same number gives the same key. */
export const vaultKey = (number: number): VaultKey => ({
  id: `key-${number}`,
  key: Buffer.alloc(32, number).toString('base64url'),
});

/** Records in memory, which can be made to refuse as a private window does. */
export function memoryRecords() {
  const all = new Map<string, StoredRecord>();
  const switches = { refuses: false };
  const records: Records = {
    get: async (name) => all.get(name) ?? null,
    list: async () => [...all].map(([name, record]) => ({ name, record })),
    names: async () => [...all.keys()],
    async put(name, record, seen): Promise<Put> {
      if (switches.refuses) return { outcome: 'refused' };
      const there = all.get(name);
      if (there && there.revision !== seen) return { outcome: 'overtaken', record: there };
      if (record) all.set(name, record);
      else all.delete(name);
      return { outcome: 'kept' };
    },
    delete: async () => all.clear(),
    close: () => {},
  };
  return { records, all, switches };
}

/** Copies on a server in memory, which can be out of reach, or never answer. */
export function memoryCopies() {
  const all = new Map<string, { draft: ServerDraft; version: string }>();
  const switches: { isDown: boolean; gate: Promise<void> | null; removal: Promise<void> | null } = {
    isDown: false,
    gate: null,
    removal: null,
  };
  let versions = 0;
  const copies: ServerCopies = {
    async get(name) {
      await switches.gate;
      if (switches.isDown) return { outcome: 'failed' };
      const there = all.get(name);
      return there ? { outcome: 'found', ...there } : { outcome: 'none' };
    },
    async put(name, { ciphertext, savedAt }, base): Promise<PutThere> {
      await switches.gate;
      if (switches.isDown) return { outcome: 'failed' };
      const there = all.get(name);
      if (base !== null && there?.version !== base)
        return there ? { outcome: 'differs', ...there } : { outcome: 'differs', draft: null };
      const version = `"v${++versions}"`;
      all.set(name, { draft: { ciphertext, savedAt }, version });
      return { outcome: 'kept', version };
    },
    async delete(name) {
      await switches.removal;
      all.delete(name);
    },
  };
  return { copies, all, switches };
}
