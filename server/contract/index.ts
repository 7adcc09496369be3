import { admissionsContract } from './admissions.ts';
import { attemptsContract } from './attempts.ts';
import { auditContract } from './audit.ts';
import { chainContract } from './chain.ts';
import { draftsContract } from './drafts.ts';
import type { OpenSessions, OpenStores, TestKit } from './kit.ts';
import { listsContract } from './lists.ts';
import { portsContract } from './ports.ts';
import { purgeContract } from './purge.ts';
import { revokeAllContract } from './revokeAll.ts';
import { searchContract } from './search.ts';
import { streamsContract } from './streams.ts';
import { usersContract } from './users.ts';
import { vaultContract } from './vault.ts';

export type { Matchers, OpenSessions, OpenStores, TestKit } from './kit.ts';

/**
 * Registers the tests that whatever keeps sessions has to pass: the part of `storeContract` that is about `log` and
 * `overview`.
 *
 * @param kit of the test runner
 * @param open opens an empty one, another one with each call
 */
export function sessionsContract(kit: TestKit, open: OpenSessions): void {
  streamsContract(kit, open);
  admissionsContract(kit, open);
  chainContract(kit, open);
  listsContract(kit, open);
  searchContract(kit, open);
  revokeAllContract(kit, open);
  purgeContract(kit, open);
}

/**
 * Registers the tests that every store has to pass, Curfew's own among them.
 *
 * ```ts
 * import { describe, expect, test } from 'vitest';
 *
 * storeContract({ describe, expect, test }, () => myStore(emptyDatabase()).open({ clock: () => Date.now() }));
 * ```
 *
 * @param kit of the test runner
 * @param open opens an empty store, another one with each call
 */
export function storeContract(kit: TestKit, open: OpenStores): void {
  sessionsContract(kit, open);
  portsContract(kit, open);
  attemptsContract(kit, open);
  usersContract(kit, open);
  vaultContract(kit, open);
  draftsContract(kit, open);
  auditContract(kit, open);
}
