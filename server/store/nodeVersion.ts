/**
 * Imported first by the door, for its effect: everything else here is loaded by an older Node, too, and then fails far
 * away from the reason. Node 24.7 is the first that has `argon2` in `node:crypto` and `node:sqlite` without a flag.
 */
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);

if (major < 24 || (major === 24 && minor < 7)) {
  const { stackTraceLimit } = Error;
  // One line is all there is to say.
  Error.stackTraceLimit = 0;
  const error = new Error(`curfew needs Node 24.7 or newer on the server; this is Node ${process.versions.node}`);
  Error.stackTraceLimit = stackTraceLimit;
  throw error;
}
