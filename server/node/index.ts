// First: it refuses a Node that is too old.
import '../store/nodeVersion.ts';
export { nodeBridge, type NodeBridge, type NodeHandler } from './bridge.ts';
export { configFromEnvironment } from './configFromEnvironment.ts';
export { InvalidVariable, type Environment } from './environment.ts';
