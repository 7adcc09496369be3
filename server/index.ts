// First: it refuses a Node that is too old.
import './store/nodeVersion.ts';
export { createCurfew, type Curfew, type CurfewRoutes } from './curfew.ts';
export { embeddedParts, type EmbeddedOptions } from './embedded.ts';
export { postgresParts, type PostgresOptions } from './onPostgres.ts';
export type { Dependencies } from './routes/dependencies.ts';
export type { ActiveSession, SessionEnv } from './http/requireSession.ts';
export { openDatabase, type Database } from './sqlite/connection.ts';
export { openPostgres, type PostgresDatabase, type Query } from './postgres/connection.ts';
export type {
  AdmissionState,
  Admission,
  Appended,
  Change,
  Device,
  EventLog,
  LogEntry,
  Stored,
} from './store/eventLog.ts';
export { memoryEventLog } from './memory/eventLog.ts';
export { sqliteEventLog } from './sqlite/eventLog.ts';
export { postgresEventLog } from './postgres/eventLog.ts';
export { verifyChain } from './store/chain.ts';
export { sweep } from './sweeper.ts';
export type { Accounts } from './accounts/accounts.ts';
