import { finishSignIn } from 'curfew/client';

// It starts no application: it tells the tabs, and closes or goes back.
const problem = new URLSearchParams(location.search).get('problem');
const isGone = await finishSignIn({ problem, otherwise: '/' });
const close = document.getElementById('close');
if (close) close.hidden = isGone;
