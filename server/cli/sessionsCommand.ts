import { parseArgs } from 'node:util';
import { leaves, phaseOf, type Instant } from '../../machines/index.ts';
import type { Accounts } from '../accounts/accounts.ts';
import { applyPolicyOf } from '../session/applyPolicy.ts';
import type { CommandDependencies } from '../session/command.ts';
import type { SessionDependencies } from '../session/dependencies.ts';
import { endSession, type Ending } from '../session/endSession.ts';
import { revokeSessions } from '../session/revocation.ts';
import type { Stored } from '../store/eventLog.ts';
import { readTime } from './readTime.ts';
import { Refusal } from './refuse.ts';

/** How to use it. */
export const usage =
  'curfew sessions end (--all | --user NAME | --since TIME) [--reason TEXT], or curfew sessions apply-policy [--user NAME]';

/** What the command works on. */
export type SessionsParts = CommandDependencies &
  Pick<SessionDependencies, 'policyOf' | 'overview'> & {
    readonly accounts: Pick<Accounts, 'find'>;
    readonly roleOf: (user: string) => Promise<string | undefined>;
  };

const options = {
  all: { type: 'boolean' },
  user: { type: 'string' },
  since: { type: 'string' },
  reason: { type: 'string' },
} as const;

const longestReason = 200;

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true, strict: true });
  } catch (error) {
    const [line = ''] = (error instanceof Error ? error.message : String(error)).split('\n');
    throw new Refusal(`${line} ${usage}`);
  }
}

/** What was asked for. */
export type SessionsAsked =
  | {
      readonly what: 'end';
      readonly which: 'all' | { readonly user: string } | { readonly since: Instant };
      readonly reason: string;
    }
  | { readonly what: 'apply-policy'; readonly user: string | null };

/** Reads the arguments. @throws Refusal in one line that names what is wrong */
export function readSessionsArguments(args: readonly string[]): SessionsAsked {
  const { values, positionals } = parse(args);
  const { all, user, since, reason = 'ended by the operator' } = values;
  const [what, ...more] = positionals;
  if ((what !== 'end' && what !== 'apply-policy') || more.length > 0) throw new Refusal(usage);
  if (user === '') throw new Refusal('--user needs a name');
  if (what === 'apply-policy') {
    const other = (['all', 'since', 'reason'] as const).find((name) => values[name] !== undefined);
    if (other !== undefined) throw new Refusal(`--${other} goes with end: ${usage}`);
    return { what, user: user ?? null };
  }
  const given = (['all', 'user', 'since'] as const).filter((name) => values[name] !== undefined);
  if (given.length !== 1)
    throw new Refusal(
      given.length === 0 ? usage : `${given.map((name) => `--${name}`).join(' and ')} exclude each other`,
    );
  if (reason.trim() === '' || reason.length > longestReason)
    throw new Refusal(`--reason must be a text of 1 to ${longestReason} characters`);
  if (all) return { what, which: 'all', reason };
  if (user !== undefined) return { what, which: { user }, reason };
  const at = readTime(since ?? '');
  if (at === null) throw new Refusal(`--since ${JSON.stringify(since)} is no time such as 2026-01-31T09:00Z`);
  return { what, which: { since: at }, reason };
}

const pageSize = 100;

/** Every live or lapsed session, newest first. What begins meanwhile is not among them. */
async function* aliveIn({ overview }: Pick<SessionsParts, 'overview'>): AsyncGenerator<Stored> {
  const alive = leaves.filter((leaf) => phaseOf(leaf) !== 'ended');
  let after: { startedAt: Instant; id: string } | undefined;
  for (;;) {
    const page = await overview.search({ leaves: alive, ...(after && { after }) }, pageSize);
    yield* page;
    const last = page.at(-1);
    if (!last || page.length < pageSize) return;
    after = { startedAt: last.state.context.startedAt, id: last.id };
  }
}

/** When a session was last used, or proved. */
const lastUseOf = ({ state: { context } }: Stored): Instant =>
  Math.max(context.startedAt, context.authenticatedAt, context.lastActivityAt);

/** A user may be named by their name or their id. */
const idOf = async ({ accounts }: SessionsParts, user: string): Promise<string> =>
  (await accounts.find(user))?.id ?? user;

async function end(parts: SessionsParts, asked: Extract<SessionsAsked, { what: 'end' }>): Promise<number> {
  const { which, reason } = asked;
  const ending: Ending = { by: 'operator', reason };
  if (which === 'all') return parts.log.revokeAll({ ...ending, at: parts.clock() });
  if ('user' in which) {
    const revoked = await revokeSessions(parts, { user: await idOf(parts, which.user), ...ending });
    return revoked.ok ? revoked.ended.filter(({ state }) => state.leaf === 'ended.revoked').length : 0;
  }
  let ended = 0;
  for await (const stored of aliveIn(parts))
    if (lastUseOf(stored) >= which.since && (await endSession(parts, stored.id, ending))) ended += 1;
  return ended;
}

async function applyPolicy(parts: SessionsParts, user: string | null): Promise<number> {
  const users = new Set<string>();
  if (user === null) for await (const { state } of aliveIn(parts)) users.add(state.context.user);
  else users.add(await idOf(parts, user));
  let changed = 0;
  for (const id of users) {
    const role = await parts.roleOf(id);
    changed += await applyPolicyOf(parts, { id, ...(role !== undefined && { role }) });
  }
  return changed;
}

const counted = (count: number): string => `${count} ${count === 1 ? 'session' : 'sessions'}`;

/**
 * Ends sessions, or applies the policy that is now in force to those that are there, which only tightens it.
 *
 * @returns the line to show
 * @see ASVS 5.0 7.4.2, 7.4.5
 */
export async function sessionsCommand(parts: SessionsParts, asked: SessionsAsked): Promise<string> {
  if (asked.what === 'end') {
    const ended = await end(parts, asked);
    return `${counted(ended)} ended`;
  }
  const changed = await applyPolicy(parts, asked.user);
  return `${counted(changed)} ${changed === 1 ? 'has' : 'have'} tighter limits`;
}
