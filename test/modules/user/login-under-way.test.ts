import { expect, it } from 'vitest';
import { codeOf } from '../../support/client.js';
import { useGateway } from '../../support/gateway.js';
import { accountsOf, as, linkTo } from './accounts.js';

const gateway = useGateway();
const people = accountsOf(gateway);

it.each(['changed', 'reset'])('no log-in with the old password survives that it is %s meanwhile', async (how) => {
  const account = await people.aVerified();
  if (how === 'reset') await people.requestReset(account.email);
  const secret = how === 'reset' ? await linkTo('reset-password', account.email) : '';
  const renewing =
    how === 'reset'
      ? people.resetPassword(secret, 'another horse')
      : people.changePassword(account.session, account.password, 'another horse');
  const attempts = [];
  for (let attempt = 0; attempt < 9; attempt += 1) {
    attempts.push(people.login(account.email));
    await new Promise((resolve) => setTimeout(resolve, 15));
  }
  expect(codeOf(await renewing)).toBeUndefined();
  for (const { data } of await Promise.all(attempts)) {
    if (data?.login) expect(codeOf(await people.me(as(data.login.session)))).toBe('UNAUTHENTICATED');
  }
});
