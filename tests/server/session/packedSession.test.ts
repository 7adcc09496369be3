import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { presets, type SessionState } from '../../../machines/index.ts';
import { sessionPacking, sizeOfSession, unpackSession } from '../../../server/session/packedSession.ts';
import { begun, histories, live, policies } from '../../support/machines.ts';

const hashOf = (state: SessionState) => createHash('sha256').update(JSON.stringify(state)).digest('hex');
const stored = (id: string, state: SessionState) => ({ id, state, hash: hashOf(state), device: null });

describe('a session that is packed', () => {
  it('is the same again, whatever has happened to it', () => {
    const pack = sessionPacking();
    let small = 0;
    fc.assert(
      fc.property(policies, histories, fc.nat(), (policy, history, mark) => {
        for (const { step } of live(policy, history).lived) {
          const session = stored('one', step.state);
          const packed = pack(session, mark);
          const { id, state, hash, device } = unpackSession(packed, 'one');
          expect({ id, state, hash, device }).toStrictEqual(session);
          expect(packed.mark).toBe(mark);
          small += 'whole' in packed ? 0 : 1;
        }
      }),
      { numRuns: Number(process.env['CURFEW_RUNS'] ?? 400) },
    );
    expect(small).toBeGreaterThan(0);
  });

  it('has its policy, and all else that is alike, once for all sessions', () => {
    const pack = sessionPacking();
    const [one, two] = ['one', 'two'].map((id) =>
      unpackSession(pack(stored(id, begun({ ...presets.standard }).state), 1), id),
    );
    expect(one?.state.context.policy).toBe(two?.state.context.policy);
  });

  it('has nothing of another one that is nearly alike', () => {
    const pack = sessionPacking();
    const { state } = begun(presets.standard);
    const provedAt = state.context.startedAt;
    const proofs: SessionState['context']['proof'][] = [
      undefined,
      { method: 'pwd', provedAt },
      { method: ['pwd'], provedAt },
      { method: ['pwd'], provedAt, issuer: '' },
      { method: ['pwd'], provedAt: provedAt - 0.7, issuer: 'https://id.example' },
    ];
    for (const proof of proofs) {
      const session = stored('one', { ...state, context: { ...state.context, ...(proof && { proof }) } });
      expect(unpackSession(pack(session, 1), 'one').state).toStrictEqual(session.state);
    }
  });

  it('is as it is where its hash is none of ours', () => {
    const session = { ...stored('one', begun(presets.standard).state), hash: 'ABC' };
    expect(unpackSession(sessionPacking()(session, 1), 'one')).toStrictEqual(session);
  });

  it('counts for more the more there is to it', () => {
    const pack = sessionPacking();
    const { state } = begun(presets.standard);
    const leases = { upload: state.context.startedAt, call: state.context.startedAt };
    const leased = { ...state, context: { ...state.context, leases } };
    expect(sizeOfSession(pack(stored('one', leased), 1))).toBeGreaterThan(sizeOfSession(pack(stored('one', state), 1)));
  });
});
