// First: it refuses a Node that is too old.
import './nodeVersion.ts';
export { createCurfew, type Curfew, type CurfewRoutes } from './curfew.ts';
export { embeddedParts, type EmbeddedOptions } from './embedded.ts';
export { postgresParts, type PostgresOptions } from './postgres/parts.ts';
export type { Parts } from './parts.ts';
export type { ActiveSession, SessionEnv } from './http/judge.ts';
export { openDatabase, type Database } from './sqlite/database.ts';
export { openPostgres, type PostgresDatabase, type Query } from './postgres/database.ts';
export type { Account, Admission, Appended, Change, Device, EventLog, LogEntry, Stored } from './log/eventLog.ts';
export { memoryEventLog } from './log/memory.ts';
export { sqliteEventLog } from './log/sqlite.ts';
export { postgresEventLog } from './postgres/eventLog.ts';
export { verifyChain } from './log/chain.ts';
export { sweep } from './sweeper.ts';
export type { App } from './app/app.ts';
export type { Accounts } from './accounts/accounts.ts';
