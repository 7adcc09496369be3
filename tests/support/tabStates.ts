import { minutes } from '../../machines/index.ts';
import { t0 } from './machines.ts';
import { runningTab, serverWith, user } from './tabMachine.ts';

/** A tab in which somebody is signed in since `t0`, and what it did to get there. */
export async function signedInTab(server = serverWith(), at = t0) {
  const tab = runningTab();
  await tab.answers('resume', { user, view: server.at(at) });
  return { tab, server, did: tab.did() };
}

/** A tab that warns since a minute. */
export async function warnedTab(server = serverWith()) {
  const { tab } = await signedInTab(server);
  tab.clock(t0 + minutes(26));
  tab.did();
  return { tab, server };
}

/** A tab whose time is up, and that asks how its session is. */
export async function lapsedTab(server = serverWith()) {
  const { tab } = await signedInTab(server);
  tab.clock(t0 + minutes(30));
  return { tab, server };
}

/** A tab whose time is up, and that cannot reach the server. */
export async function unconfirmedTab() {
  const { tab, server } = await lapsedTab();
  await tab.refuses('check', 'network', { at: t0 + minutes(30) });
  return { tab, server };
}

/** A tab that is locked: its session has lapsed. */
export async function lockedTab() {
  const { tab, server } = await lapsedTab();
  await tab.answers('check', { view: server.at(t0 + minutes(30)) });
  return { tab, server };
}
