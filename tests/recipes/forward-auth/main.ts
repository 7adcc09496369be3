import { createTab } from 'curfew/client';

const tab = createTab();
const form = document.querySelector('form');
const problem = document.querySelector('p');
if (!form || !problem) throw new Error('index.html has no form');

const text = (data: FormData, name: string): string => {
  const value = data.get(name);
  return typeof value === 'string' ? value : '';
};

tab.subscribe(() => {
  problem.textContent = tab.state().problem?.code ?? '';
  if (tab.state().isOpen) location.replace('/');
});
form.addEventListener('submit', (event) => {
  event.preventDefault();
  const data = new FormData(form, event.submitter);
  const proof = { username: text(data, 'username'), password: text(data, 'password') };
  // After a lapse the session goes on where its user comes back.
  if (tab.state().isLocked) tab.reauthenticate(proof.password);
  else tab.signIn({ ...proof, register: data.has('register') });
});
const { phase } = await tab.ready();
if (phase === 'ended') tab.chooseSignIn();
