import fc from 'fast-check';
import { beforeAll, describe, it } from 'vitest';
import { useOwnGateway } from '../support/own-gateway.js';
import { aPerson, type Person } from '../support/world.js';
import { dayIn } from './engagement/calendar.js';
import { found } from './engagement/company.js';
import { type Ledger, take, untilCounted } from './engagement/course.js';
import { wrongFigures } from './engagement/figures.js';
import { anyHistory, anyQuestion } from './engagement/history.js';
import { plant } from './engagement/planting.js';
import { anyCourse } from './engagement/recording.js';
import { factsOf, recordedEntries, wrongPeriods, wrongRollUps } from './engagement/roll-ups.js';
import { holds } from './holds.js';

const gateway = useOwnGateway();

/** How many histories, with up to three questions each; and half as many courses of recording. */
const histories = Number(process.env.PROPERTY_RUNS ?? 1_000) / 7;

describe('whatever has happened in an organization', { timeout: 300_000 + histories * 1_000 }, () => {
  let superAdmin: Person;
  beforeAll(async () => {
    superAdmin = await aPerson(gateway(), { isSuperAdmin: true });
  });

  it('its engagement is what a slow reckoning finds', async () => {
    const questions = fc.array(anyQuestion, { minLength: 1, maxLength: 3, size: 'max' });
    await holds(fc.tuple(anyHistory, questions), histories, async ([history, asked]) => {
      const planted = await plant(gateway(), superAdmin, history);
      for (const question of asked) {
        const wrong = await wrongFigures(planted, question);
        if (wrong.length > 0) throw new Error(wrong.slice(0, 5).join('\n'));
      }
    });
  });

  it('what is counted while it is recorded is what counting anew finds, and what a slow reckoning finds', async () => {
    await holds(fc.tuple(anyCourse, anyQuestion), histories / 2, async ([course, question]) => {
      const company = await found(gateway(), course);
      const ledger: Ledger = new Map();
      for (const step of course.steps) await take(gateway(), company, ledger, step);
      await untilCounted(gateway(), company);
      const entries = await recordedEntries(gateway(), company, ledger);
      const facts = await factsOf(gateway(), company, entries);
      const day = dayIn(company.zone, Date.now());
      const planted = { facts, teams: company.teamIds, day, asker: company.workers[0]! };
      const wrong = [
        ...(await wrongFigures(planted, question)),
        ...(await wrongPeriods(gateway(), company)),
        ...(await wrongRollUps(gateway(), company, entries)),
      ];
      if (wrong.length > 0) throw new Error(wrong.slice(0, 5).join('\n'));
    });
  });
});
