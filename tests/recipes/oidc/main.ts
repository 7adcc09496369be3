import { createTab, popup } from 'curfew/client';

const tab = createTab();

function element<T extends HTMLElement>(id: string, kind: new () => T): T {
  const found = document.getElementById(id);
  if (!(found instanceof kind)) throw new Error(`index.html has no ${kind.name} ${id}`);
  return found;
}
const letter = element('letter', HTMLTextAreaElement);

function show(): void {
  const { phase, isOpen, problem } = tab.state();
  const asks = phase === 'signedOut' || phase === 'signingIn' || phase === 'locked' || phase === 'reauthenticating';
  element('sign-in', HTMLElement).hidden = !asks;
  element('work', HTMLElement).hidden = !isOpen;
  element('phase', HTMLOutputElement).value = phase;
  element('problem', HTMLOutputElement).value = problem?.code ?? '';
}
function showLetter(): void {
  const { value } = tab.drafts.read('letter');
  if (letter.value !== value) letter.value = value;
}

tab.subscribe(show);
tab.drafts.subscribe('letter', showLetter);
tab.drafts.open('letter', { label: 'letter' });
letter.addEventListener('input', () => tab.drafts.write('letter', letter.value));

// In the click itself, so that the browser lets the window open; where it does not, the provider comes in this one.
element('elsewhere', HTMLButtonElement).addEventListener('click', () => {
  const { isLocked, view } = tab.state();
  if (isLocked && view) tab.reauthenticate(popup({ url: `/api/oidc/start?session=${encodeURIComponent(view.id)}` }));
  else tab.signIn(popup({ url: '/api/oidc/start' }));
});
element('sign-out', HTMLButtonElement).addEventListener('click', () => tab.signOut());

await tab.ready();
show();
