import { expect, it } from 'vitest';
import { minutes } from '../../machines/index.ts';
import { createStage, settled } from '../support/journey.ts';

it('Promise 5: what was kept before a change of password comes back after the next sign-in', async () => {
  const stage = await createStage();
  const first = stage.open();
  await first.until('signedOut');
  first.tab.signIn({ username: 'ada', password: 'correct horse', register: true });
  await first.until('active');
  first.tab.drafts.open('letter', { label: 'letter' });
  first.tab.drafts.write('letter', 'kept under the first key');
  await stage.pass(minutes(1));
  await settled(() => first.tab.drafts.read('letter').status === 'saved', 'the draft is kept');

  const elsewhere = stage.world.client('bearer');
  await elsewhere.login();
  const changed = await elsewhere.post('/api/auth/password', {
    password: 'correct horse',
    newPassword: 'battery staple',
  });
  expect(changed.status).toBe(204);
  first.wake();
  await first.until('ended');
  expect(first.tab.state().reason).toBe('revoked');
  expect(first.tab.drafts.read('letter').value).toBe('');

  first.tab.signIn({ username: 'ada', password: 'battery staple' });
  await first.until('active');
  first.tab.drafts.open('letter', { label: 'letter' });
  await settled(() => first.tab.drafts.read('letter').value === 'kept under the first key', 'the draft is back');
});
