import { CurfewUser, passwords, type WorkersOptions } from '../../workers/index.ts';
import { databaseOf } from '../../workers/database.ts';
import { schemaOf } from '../../workers/migrate.ts';
import { exportUserData } from '../exportUserData.ts';
import { longerWarnings, policyOfUser } from '../longerWarning.ts';
import {
  defaultSettings,
  type AppStore,
  type Conversation,
  type Message,
  type Settings,
  type Work,
} from '../store/appStore.ts';
import type { Passkey } from '../store/signIn.ts';
import { sqliteAppStore } from '../store/sqlite.ts';
import { waysOf } from '../ways.ts';
import type { Instant } from '../../../machines/index.ts';
import { configOf } from './env.ts';

/** One user with everything that is theirs: what Curfew keeps, and in tables beside it what the application does. */
export class User extends CurfewUser implements Work {
  #opened: AppStore | null = null;

  /** With the first use its tables are made: only by a user whom a session has let in. */
  get #store(): AppStore {
    return (this.#opened ??= sqliteAppStore(databaseOf(this.ctx.storage)));
  }

  override options(): WorkersOptions {
    const { policy, registration, previousSecrets, algorithm, retention, origins } = configOf(this.env);
    return {
      policy: longerWarnings(policy).length > 0 ? policyOfUser(policy, this) : policy,
      previousSecrets,
      algorithm,
      retention,
      origins,
      accounts: passwords({ register: registration === 'open' }),
      exportUserData: (user, given) => exportUserData(this.#store)(user, given),
      ways: async ({ id }) => waysOf({ store: this.#store, provider: null }, id),
      // What this makes in the transaction that it is called in may be undone with it.
      deleteUserData: (user) => void sqliteAppStore(databaseOf(this.ctx.storage)).deleteUserData(user),
    };
  }

  async conversations(user: string): Promise<readonly Conversation[]> {
    return this.#store.conversations(user);
  }

  async conversation(user: string, id: string): ReturnType<Work['conversation']> {
    return this.#store.conversation(user, id);
  }

  async create(...given: Parameters<Work['create']>): Promise<Conversation | null> {
    return this.#store.create(...given);
  }

  async rename(user: string, id: string, title: string, at: Instant): Promise<Conversation | null> {
    return this.#store.rename(user, id, title, at);
  }

  async remove(user: string, id: string): Promise<boolean> {
    return this.#store.remove(user, id);
  }

  async write(...given: Parameters<Work['write']>): Promise<Message | null> {
    return this.#store.write(...given);
  }

  /** At a sign-in they are asked for, too, and so before there is anything. */
  async settings(user: string): Promise<Settings> {
    return schemaOf(this.ctx.storage) === 0 ? defaultSettings : this.#store.settings(user);
  }

  async saveSettings(user: string, settings: Settings): Promise<boolean> {
    return this.#store.saveSettings(user, settings);
  }

  async addPasskey(passkey: Passkey): Promise<boolean> {
    return this.#store.passkeys.add(passkey);
  }

  /** Anybody may ask: where nothing is kept, nothing is made for it. */
  async findPasskey(id: string): Promise<Passkey | null> {
    return schemaOf(this.ctx.storage) === 0 ? null : this.#store.passkeys.find(id);
  }

  async passkeysOf(user: string): Promise<readonly Passkey[]> {
    return this.#store.passkeys.of(user);
  }

  async usedPasskey(id: string, counter: number, at: Instant): Promise<boolean> {
    return this.#store.passkeys.used(id, counter, at);
  }

  async removePasskey(user: string, id: string): Promise<boolean> {
    return this.#store.passkeys.remove(user, id);
  }
}
