import { createBrowserReceiver } from '@statelyai/inspect';

/** The receiving half of the XState inspector, which keeps what it gets for the test to look at. */
const received: unknown[] = [];
Object.assign(window, { received });
createBrowserReceiver().subscribe((event) => received.push(event));
