import { objectOfUser } from '../../workers/index.ts';
import { reach } from '../../workers/reach.ts';
import type { Work } from '../store/appStore.ts';
import type { AppEnv } from './env.ts';

/** What users do, kept in the object of each. Rejects with `StoreUnavailable` where that is away. */
export function workOf(env: AppEnv): Work {
  const at = (user: string) => objectOfUser(env, user);
  return {
    conversations: (user) => reach(() => at(user).conversations(user)),
    conversation: (user, id) => reach(() => at(user).conversation(user, id)),
    create: (user, ...rest) => reach(() => at(user).create(user, ...rest)),
    rename: (user, ...rest) => reach(() => at(user).rename(user, ...rest)),
    remove: (user, id) => reach(() => at(user).remove(user, id)),
    write: (user, ...rest) => reach(() => at(user).write(user, ...rest)),
    settings: (user) => reach(() => at(user).settings(user)),
    saveSettings: (user, settings) => reach(() => at(user).saveSettings(user, settings)),
  };
}
