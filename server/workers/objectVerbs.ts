import type { Dependencies } from '../routes/dependencies.ts';
import type { Reference } from '../store/references.ts';
import { refusedFor } from '../session/endSession.ts';
import type { Answered } from '../verbs/carrier.ts';
import type { BackChannelLogout } from '../verbs/backChannelLogout.ts';
import type { RevokedSessions } from '../verbs/revoke.ts';
import type { FindSessions, FoundSessions } from '../verbs/sessions.ts';
import type { SignedIn, SignIn } from '../verbs/signIn.ts';
import { createVerbs, type Verbs } from '../verbs/verbs.ts';
import { codesOfAll } from './codes.ts';
import type { Displacements } from './displacements.ts';
import { objectInPlace, type CurfewEnv } from './env.ts';
import { asAdministrator } from './otherUsers.ts';
import { placeOfSession } from './place.ts';
import { reach } from './reach.ts';
import { bindAtHost, referencesOfAll } from './references.ts';
import { signInWith } from './signIns.ts';

/** What an application's own code asks of an object: of that of the user whom it names, and else of one that keeps nothing. */
export interface ObjectVerbs {
  /** Those of one user. */
  readonly own: Verbs;
  readonly signIn: (request: Request, given: SignIn) => Promise<Answered<SignedIn>>;
  /** What any object can do: codes and references of all users are elsewhere. */
  readonly all: Pick<Verbs, 'beginHandOver' | 'handOver' | 'takeOver'>;
  readonly findSessions: (given: FindSessions) => Promise<FoundSessions>;
  readonly revoke: Verbs['revoke'];
  readonly backChannelLogout: (request: Request, given: BackChannelLogout) => Promise<Answered<RevokedSessions>>;
  /** Ends what belongs to a session at a provider here, and refuses what may come. @returns the ids of the sessions. */
  readonly logOutReference: (reference: Reference, until: number) => Promise<readonly string[]>;
}

/** Where an object is, and what it knows of others. */
export interface Surroundings {
  readonly env: CurfewEnv;
  readonly place: string;
  readonly displacements: Displacements;
}

/** A session that a sign-in names is looked up where it is, if only to refuse what is another user's. */
const seeingNamed = (parts: Dependencies, { env, place }: Surroundings): Dependencies => ({
  ...parts,
  log: {
    ...parts.log,
    async load(id) {
      const other = placeOfSession(id);
      if (other === null || other === place) return parts.log.load(id);
      return reach(async () => objectInPlace(env, other)?.loadSession(id) ?? null);
    },
  },
});

/** Makes the verbs of one object. */
export function objectVerbs(parts: Dependencies, surroundings: Surroundings): ObjectVerbs {
  const { env, place, displacements } = surroundings;
  const own = createVerbs(parts);
  const all = createVerbs({
    ...parts,
    references: referencesOfAll(parts.references, env),
    singleUse: codesOfAll(env),
  });
  const naming = createVerbs(seeingNamed(parts, surroundings));
  const signIn = signInWith(parts, displacements, (request, given) =>
    (given.session === undefined ? own : naming).signIn(request, given),
  );

  return {
    own,
    all,
    findSessions: (given) => asAdministrator(() => all.sessions(given)),
    revoke: (target, given) => asAdministrator(() => all.revoke(target, given)),
    async signIn(request, given) {
      const { reference } = given;
      // Before: a logout that comes from now on finds the user.
      if (reference && !(await bindAtHost(env, reference, place, parts.clock())))
        await parts.references.logOut(reference, parts.clock() + refusedFor);
      return signIn(request, given);
    },
    backChannelLogout: (request, given) => asAdministrator(() => all.backChannelLogout(request, given)),
    logOutReference: (reference, until) => parts.references.logOut(reference, until),
  };
}
