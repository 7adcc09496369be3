/**
 * What a tab does with the server and can do without for a while: it is loaded once the tab has started, so that a page is
 * shown sooner. Nothing of what happens in the browser alone, such as the lock, is here.
 */
export { runStream } from '../http/stream.ts';
export { accountDeeds } from './accountDeeds.ts';
export { createLeases } from './lease.ts';
export { postPassword } from './ownPassword.ts';
export { runRenewal } from './renewal.ts';
export { signedInElsewhere } from './signedInElsewhere.ts';
export { runWarningReceipts } from './warningReceipts.ts';
