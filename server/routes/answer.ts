import type { Person } from '../accounts/accounts.ts';

export { answerSession, issueCredential, tokenOf } from '../http/issueCredential.ts';

/** What the browser gets of a user, whatever else the application's accounts return: id, name and role. */
export const personShown = ({ id, username, role }: Person): Person => ({ id, username, ...(role && { role }) });
