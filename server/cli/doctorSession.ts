import { currentGeneration, presets } from '../../machines/index.ts';
import { tokenOf } from '../http/issueCredential.ts';
import { pseudonyms } from '../keys/pseudonyms.ts';
import { createTokens } from '../keys/sessionTokens.ts';
import { createKeys } from '../keys/signingKeys.ts';
import type { CheckedOptions } from '../options.ts';
import { admit } from '../session/admission.ts';
import { endSession } from '../session/endSession.ts';
import type { OpenStore } from '../store/adapter.ts';
import type { Pseudonyms } from '../store/securityLog.ts';
import { Refusal } from './refuse.ts';

/** Whose session it is, as the logs name it. */
const user = 'curfew doctor';

/** A session by which the running server is asked, and what the server has written of its requests. */
export interface DoctorSession {
  readonly id: string;
  readonly token: string;
  readonly end: () => Promise<unknown>;
  /** As which addresses the server has seen those that named another session, oldest first, as pseudonyms. */
  readonly mismatchedFrom: () => Promise<readonly (string | undefined)[]>;
  readonly names: Pseudonyms;
}

/** Begins a session in the database that the server uses, signed with the secret that it uses. @throws Refusal */
export async function beginDoctorSession(
  store: OpenStore,
  secret: string,
  { algorithm, clock, newId, previousSecrets }: CheckedOptions,
): Promise<DoctorSession> {
  const parts = {
    ...store,
    vault: store.vault({ secret, previousSecrets }),
    policyOf: async () => presets.standard,
    clock,
    newId,
    write: () => {},
  };
  const [begun, names] = [clock(), pseudonyms(secret)];
  const device = { userAgent: user, address: null };
  const admitted = await admit(
    parts,
    { user, method: [], provedAt: begun },
    { kind: 'new', remember: false, device, replaces: null },
  );
  if (!admitted.ok) throw new Refusal(`the doctor gets no session: ${admitted.code}`);
  const { id, state } = admitted.session;
  const tokens = createTokens(await createKeys(secret, [], algorithm));
  return {
    id,
    names,
    token: await tokenOf({ tokens }, id, state, currentGeneration(state.context)),
    end: () => endSession(parts, id, { by: 'operator', reason: 'the doctor has seen enough' }),
    async mismatchedFrom() {
      const events = await store.securityLog(names).since(begun - 1, 10_000);
      return events
        .filter((event) => event.kind === 'session_mismatch' && event.user === user)
        .map(({ address }) => address);
    },
  };
}
