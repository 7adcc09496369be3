import type { Instant } from '../../machines/index.ts';
import type { KnownPerson } from '../http/activeSession.ts';
import { keepCopies, type Copies, type CopyRules, type Packing } from '../store/copies.ts';
import type { People } from '../store/people.ts';
import type { Accounts } from './accounts.ts';
import type { AccountsOption } from './passwordAccounts.ts';

/** What is known of users besides their ids. */
export interface PersonReader {
  /** Reads it. The role is what the option `role` says, where it says anything. */
  readonly personOf: (user: string) => Promise<KnownPerson>;
  /**
   * The same without reading anything.
   *
   * @param mark what the rules of the store's copies say now
   * @returns `undefined` where it has to be read
   */
  readonly copyOfPerson: (user: string, mark: number | null) => KnownPerson | undefined;
}

/** What persons are read from. */
export interface PersonSources {
  readonly kind: AccountsOption['kind'];
  readonly accounts: Pick<Accounts, 'byId' | 'maxAge'>;
  readonly people: Pick<People, 'get'>;
  /** The option `role`, `null` where it is not given. It is asked each time. */
  readonly roleOf: ((user: string) => Promise<string | undefined>) | null;
  readonly clock: () => Instant;
  /** `null` where no copies are kept. */
  readonly copies: { readonly rules: CopyRules; readonly bytes: number } | null;
}

/** A person as they were read, until when that may be taken for true. */
interface Copy {
  readonly person: KnownPerson;
  readonly until: Instant;
}

const bytesOfCopy = 200;

const packing: Packing<Copy, Copy & { readonly mark: number }> = {
  pack: ({ person, until }, mark) => ({ person, until, mark }),
  unpack: (copy) => copy,
  sizeOf: ({ person }) => bytesOfCopy + (person.name?.length ?? 0) + (person.role?.length ?? 0),
};

async function read({ accounts, people }: PersonSources, user: string): Promise<KnownPerson> {
  const account = await accounts.byId(user);
  const { name, role } = account ? { name: account.username, role: account.role } : await people.get(user);
  return { name: name ?? null, role: role ?? null };
}

/**
 * Reads what is known of a user: from the accounts, or else what the sign-in told. Of Curfew's own tables copies are kept as
 * of sessions; of what an application answers for, only as long as it says.
 */
export function personReader(sources: PersonSources): PersonReader {
  const { kind, accounts, roleOf, clock } = sources;
  const maxAge = kind === 'own' ? (accounts.maxAge ?? 0) : Infinity;
  let copies: Copies<Copy> | null = null;
  if (sources.copies && maxAge > 0) {
    const { rules, bytes } = sources.copies;
    const kept = keepCopies(rules, bytes, packing);
    rules.watch({ session: () => {}, user: kept.delete, all: kept.clear });
    copies = kept;
  }

  async function known(user: string): Promise<KnownPerson> {
    if (!copies) return read(sources, user);
    const until = clock() + maxAge;
    const filling = copies.begin(user);
    let person: KnownPerson | null = null;
    try {
      person = await read(sources, user);
      return person;
    } finally {
      filling.end(person && { person, until });
    }
  }

  return {
    async personOf(user) {
      const person = await known(user);
      return roleOf ? { ...person, role: (await roleOf(user)) ?? null } : person;
    },
    copyOfPerson(user, mark) {
      if (roleOf) return undefined;
      const copy = copies?.get(user, mark);
      return copy && (copy.until === Infinity || clock() < copy.until) ? copy.person : undefined;
    },
  };
}
