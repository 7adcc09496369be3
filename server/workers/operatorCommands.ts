import { leaves, phaseOf, type Instant } from '../../machines/index.ts';
import { makeCheckpoint } from '../audit/checkpoint.ts';
import type { Finding } from '../audit/finding.ts';
import { verify, type Verified } from '../audit/verify.ts';
import { usersCommand, type CommandResult } from '../accounts/usersCommand.ts';
import type { Dependencies } from '../routes/dependencies.ts';
import { endSession } from '../session/endSession.ts';
import { revokeSessions } from '../session/revocation.ts';
import type { Users } from '../store/users.ts';

const aliveLeaves = leaves.filter((leaf) => phaseOf(leaf) !== 'ended');
/** More than any policy lets one user have. */
const mostSessions = 10_000;
/** An object has one; a name that was free again has had others. */
const mostUsers = 10;

/** What an audit of one object has come to. */
export interface ObjectAudit {
  readonly verified: Verified;
  readonly findings: readonly Finding[];
}

/** A user as an operator sees them. */
export interface ListedUser {
  readonly id: string;
  readonly name: string;
  readonly role: string;
  readonly createdAt: Instant;
  /** `null` when the account is not disabled. */
  readonly disabledAt: Instant | null;
}

/** What an operator asks of the object of one user. */
export interface OperatorCommands {
  /** As `npx curfew users`. */
  readonly users: (args: readonly string[], password: string | null) => Promise<CommandResult>;
  /** @returns how many sessions of the user have ended by it. */
  readonly endUser: (user: string, reason: string) => Promise<number>;
  readonly endSession: (session: string, reason: string) => Promise<boolean>;
  /** Ends what was used or proved since an instant. @returns how many sessions have ended by it */
  readonly endSince: (since: Instant, reason: string) => Promise<number>;
  /** The users of the object: one, or none whose name is Curfew's. */
  readonly list: () => Promise<readonly ListedUser[]>;
  /** Where the logs stand, line by line, the last one signed. */
  readonly checkpoint: () => Promise<readonly string[]>;
  /** @param lines of a checkpoint of before, `null` where there is none */
  readonly audit: (lines: readonly string[] | null) => Promise<ObjectAudit>;
}

async function* each(lines: readonly string[]): AsyncGenerator<string> {
  yield* lines;
}

/** Makes what an operator asks of one object. */
export function operatorCommands(parts: Dependencies, users: Users): OperatorCommands {
  const { auditReader, attestations } = parts;
  return {
    async users(args, password) {
      if (!parts.accounts.add) return { ok: false, line: 'the users are those of the application' };
      return usersCommand({ ...parts, users, ...(password !== null && { readPassword: async () => password }) }, [
        ...args,
        ...(password === null ? [] : ['--stdin']),
      ]);
    },
    async endUser(user, reason) {
      const revoked = await revokeSessions(parts, { user, by: 'operator', reason });
      return revoked.ok ? revoked.ended.filter(({ state }) => state.leaf === 'ended.revoked').length : 0;
    },
    endSession: (session, reason) => endSession(parts, session, { by: 'operator', reason }),
    async endSince(since, reason) {
      const alive = await parts.overview.search({ leaves: aliveLeaves }, mostSessions);
      const used = alive.filter(({ state: { context } }) =>
        [context.startedAt, context.authenticatedAt, context.lastActivityAt].some((at) => at >= since),
      );
      const ended = await Promise.all(used.map(({ id }) => endSession(parts, id, { by: 'operator', reason })));
      return ended.filter(Boolean).length;
    },
    async list() {
      const found = await users.list('', mostUsers);
      return found.map(({ id, username, role, createdAt, disabledAt }) => ({
        id,
        name: username,
        role,
        createdAt,
        disabledAt,
      }));
    },
    async checkpoint() {
      const lines: string[] = [];
      for await (const line of makeCheckpoint(auditReader, attestations, parts.clock())) lines.push(line.trimEnd());
      return lines;
    },
    async audit(lines) {
      const findings: Finding[] = [];
      const verified = await verify({
        auditReader,
        attestations,
        ...(lines && { checkpoints: [{ name: 'that was given', lines: () => each(lines) }] }),
        report: (finding) => void findings.push(finding),
      });
      return { verified, findings };
    },
  };
}
