import type { Prove, TabContext } from '../../../machines/index.ts';
import type { Client } from '../http/client.types.ts';
import { parseJson } from '../http/parseJson.ts';
import { Refused, refusalIn } from '../http/problem.ts';
import type { TokenStore } from '../http/tokens.ts';
import { isRecord } from '../http/wire.ts';
import type { ProofTab, ProveElsewhere } from './proof.types.ts';
import type { OwnName } from './ownNames.ts';
import type { Later } from './loadLater.ts';
import type { SignedInPorts } from './signedInElsewhere.ts';

/** What proofs other than a password are made with. */
export interface ProvingPorts extends SignedInPorts {
  readonly client: Client;
  readonly context: () => TabContext;
  readonly tokens: TokenStore | null;
  readonly later: Later;
  /** Saves the work. @returns whether all of it is kept outside of this page */
  readonly keepAll: () => Promise<boolean>;
  readonly ownName: OwnName;
}

/** The proofs of one tab; one at a time. */
export interface Proving {
  /** A proof as the tab's machine takes it. */
  readonly bind: (proof: ProveElsewhere) => Prove;
  /** Gives up the proof that is under way; it is refused as `cancelled`. */
  readonly cancel: () => void;
}

/** Takes what a route of the application answered. @throws `Refused` */
export async function takeResponse(
  response: Response,
  { tokens, now }: Pick<ProvingPorts, 'tokens' | 'now'>,
): Promise<void> {
  if (!response.ok) throw await refusalIn(response, now());
  if (tokens === null || response.bodyUsed) return;
  const body = parseJson(await response.text());
  if (isRecord(body) && typeof body['token'] === 'string') tokens.write(body['token']);
}

/** What was thrown, as a refusal: a user who closes the browser's own dialog has cancelled. */
function refusalOf(error: unknown, now: number): Refused {
  if (error instanceof Refused) return error;
  const name = error instanceof Error ? error.name : '';
  if (name === 'AbortError' || name === 'NotAllowedError') return new Refused('cancelled', now);
  return new Refused('not_signed_in', now, { detail: String(error) });
}

/** @returns the proofs of a tab; none is under way. */
export function createProving(ports: ProvingPorts): Proving {
  const { client, context, now } = ports;
  let underWay = new AbortController();

  return {
    bind: (proof) => async (before) => {
      underWay.abort();
      underWay = new AbortController();
      const { signal } = underWay;
      const { view, isAnother } = context();
      const tab: ProofTab = {
        fetch: async (input, init) => {
          await before;
          return client.proofFetch(input, init);
        },
        session: view?.id ?? null,
        isAnother,
        signal,
        async flush() {
          if (!(await ports.keepAll())) throw new Refused('not_saved', now());
        },
        async signedIn() {
          const { signedInElsewhere } = await ports.later.load();
          return signedInElsewhere(ports, view, signal);
        },
        ownName: ports.ownName,
      };
      const aborted = new Promise<never>((_, reject) =>
        signal.addEventListener('abort', () => reject(new Refused('cancelled', now()))),
      );
      const prevented = before.then(() => new Promise<never>(() => {}));
      const controller = underWay;
      try {
        const answer = await Promise.race([proof(tab), aborted, prevented]);
        if (answer instanceof Response) await takeResponse(answer, ports);
      } catch (error) {
        throw refusalOf(error, now());
      } finally {
        controller.abort();
      }
    },
    cancel: () => underWay.abort(),
  };
}
