// First: it refuses a Node that is too old.
import '../store/nodeVersion.ts';
export { configFromEnvironment } from './configFromEnvironment.ts';
export { InvalidVariable, type Environment } from './environment.ts';
