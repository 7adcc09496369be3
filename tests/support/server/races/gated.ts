import type { Dependencies } from '../../../../server/routes/dependencies.ts';

/** A call of a port that is about to happen. */
export interface Call {
  readonly port: string;
  readonly name: string;
  /** Two of these, or calls of different ports, can change places without anybody noticing. */
  readonly isRead: boolean;
}

const reads = new Set(
  (
    'log.load log.read log.sessionsOf log.pageOf log.account log.search log.due log.revoked log.ended ' +
    'accounts.find accounts.byId accounts.prove vault.vaultKey drafts.list drafts.get'
  ).split(' '),
);
const ungated = new Set(['log.subscribe', 'vault.openAll']);

/** A port whose every call waits at a gate first. What only gets something ready, without a promise, goes through. */
function gatedPort<Port extends object>(
  port: string,
  given: Port,
  gate: (call: Call) => Promise<void>,
  after: (call: Call) => Promise<void>,
): Port {
  const calls = Object.entries(given).map(([name, member]) => {
    const path = `${port}.${name}`;
    if (typeof member !== 'function' || ungated.has(path) || /(ing|Write)$/.test(name)) return [name, member];
    const call: Call = { port, name, isRead: reads.has(path) };
    return [
      name,
      async (...args: unknown[]) => {
        await gate(call);
        const answer: unknown = await member.apply(given, args);
        await after(call);
        return answer;
      },
    ];
  });
  return { ...given, ...Object.fromEntries(calls) } as Port;
}

/** A session that is judged by a copy is not read: it is held just before, as if it were. */
function gatedTokens(
  { tokens, copies }: Dependencies,
  gate: (call: Call) => Promise<void>,
): Pick<Dependencies, 'tokens'> {
  if (!copies) return { tokens };
  const verify: typeof tokens.verify = async (token) => {
    const claims = await tokens.verify(token);
    await gate({ port: 'log', name: 'copy', isRead: true });
    return claims;
  };
  return { tokens: { ...tokens, verify, verified: () => undefined } };
}

/** Parts of which every await on something that is shared is a point where others may come in between. */
export function gated(
  parts: Dependencies,
  gate: (call: Call) => Promise<void>,
  after: (call: Call) => Promise<void> = async () => {},
): Dependencies {
  return {
    ...parts,
    ...gatedTokens(parts, gate),
    log: gatedPort('log', parts.log, gate, after),
    // What the one writes the other reads.
    overview: gatedPort('log', parts.overview, gate, after),
    accounts: gatedPort('accounts', parts.accounts, gate, after),
    vault: gatedPort('vault', parts.vault, gate, after),
    drafts: gatedPort('drafts', parts.drafts, gate, after),
  };
}
