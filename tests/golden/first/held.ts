import type { Call } from '../../support/server/races/gated.ts';
import type { FirstParts } from './house.ts';

// The ports are named here as they were in the first build, whatever they are called today.

const ports = ['log', 'accounts', 'vault', 'drafts'];
const reads = new Set(
  (
    'log.load log.read log.sessionsOf log.account log.due log.search ' +
    'accounts.find accounts.byId accounts.prove vault.vaultKey drafts.list drafts.get'
  ).split(' '),
);
const ungated = new Set(['log.subscribe', 'vault.openAll']);

/** Ports of the first build, of which every call waits before and after it. */
export function held(
  parts: FirstParts,
  { gate, after }: { readonly gate: (call: Call) => Promise<void>; readonly after: (call: Call) => Promise<void> },
): FirstParts {
  const gated = (port: string, name: string, member: unknown): unknown => {
    const path = `${port}.${name}`;
    if (typeof member !== 'function' || ungated.has(path) || name.endsWith('ing')) return member;
    const call: Call = { port, name, isRead: reads.has(path) };
    return async (...args: unknown[]) => {
      await gate(call);
      const answer: unknown = await member.apply(parts[port], args);
      await after(call);
      return answer;
    };
  };
  const gatedPort = (port: string) =>
    Object.fromEntries(Object.entries(parts[port]).map(([name, member]) => [name, gated(port, name, member)]));
  return { ...parts, ...Object.fromEntries(ports.map((port) => [port, gatedPort(port)])) };
}
