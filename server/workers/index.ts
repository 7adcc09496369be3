export { curfewOf } from './curfewOf.ts';
export { CurfewDirectory } from './directory.ts';
export { docs } from './docs.ts';
export { objectOfUser, type CurfewEnv, type WorkersOptions } from './env.ts';
export { health } from './health.ts';
export { operator } from './operator.ts';
export { passwords, type OwnUsers } from './passwords.ts';
export {
  protect,
  type OptionalWorkersSessionEnv,
  type WorkersProtectOptions,
  type WorkersSessionEnv,
} from './protect.ts';
export { routeToUser, type RouteOptions } from './route.ts';
export type { ActiveSession } from '../http/activeSession.ts';
export type { Verbs } from '../verbs/verbs.ts';
export { StoreUnavailable } from '../store/unavailable.ts';
export { CurfewUser } from './user.ts';
