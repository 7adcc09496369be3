export { CurfewDirectory } from './directory.ts';
export type { CurfewEnv, WorkersOptions } from './env.ts';
export { passwords } from './passwords.ts';
export { protect, type WorkersProtectOptions, type WorkersSession, type WorkersSessionEnv } from './protect.ts';
export { routeToUser, type RouteOptions } from './route.ts';
export { CurfewUser } from './user.ts';
