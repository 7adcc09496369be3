import { finishSignIn } from 'curfew/client';

// It starts no application: it tells the tabs, and closes or goes back.
const isGone = await finishSignIn({ problem: new URLSearchParams(location.search).get('problem') });
const close = document.getElementById('close');
if (close) close.hidden = isGone;
