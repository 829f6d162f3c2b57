import assert from 'node:assert/strict';
import { test } from 'node:test';
import { benefitSource } from '#visits/index.ts';
import { type RetirementGround, retirementAge } from './retirement-age.ts';

const policy = benefitSource().policyOf('990100', '2026-03-01');
const age = (
  birthDate: string,
  retiresOn: string,
  sex: string,
  ground: RetirementGround = 'age',
  person = 'retired',
) => retirementAge(policy, { birthDate, retiresOn, ground }, { scheme: 'employee', person, sex });

test('the statutory age is raised month by month, by sex and post, up to its limit', () => {
  const statutory = (birth: string, sex: string, person?: string) =>
    age(birth, '2060-01-01', sex, 'age', person).statutoryMonths;
  const rows = [
    // men: 60, one month for every four from January 2025, up to 63
    ['1964-12-31', 'male', 'retired', 720],
    ['1965-01-01', 'male', 'retired', 721],
    ['1965-04-30', 'male', 'retired', 721],
    ['1965-05-01', 'male', 'retired', 722],
    ['1976-09-01', 'male', 'retired', 756],
    ['1990-01-01', 'male', 'retired', 756],
    // women: 50, one for every two, up to 55
    ['1974-12-31', 'female', 'retired', 600],
    ['1975-01-01', 'female', 'retired', 601],
    ['1975-03-01', 'female', 'retired', 602],
    ['1984-11-01', 'female', 'retired', 660],
    // women in management: 55, one for every four, up to 58
    ['1970-01-01', 'female', 'manager', 661],
    ['1981-09-01', 'female', 'manager', 696],
  ] as const;
  for (const [birth, sex, person, months] of rows)
    assert.equal(statutory(birth, sex, person), months, `${birth} ${sex}`);
});

test('one may go some months early, never below the age before; special work and illness have ages of their own', () => {
  const needed = (birth: string, sex: string, ground?: RetirementGround) =>
    age(birth, '2030-01-01', sex, ground).neededMonths;
  assert.equal(needed('1965-01-01', 'male'), 720);
  assert.equal(needed('1990-01-01', 'male'), 720);
  assert.equal(needed('1984-11-01', 'female'), 660 - 36);
  assert.equal(needed('1990-01-01', 'male', 'special-work'), 660);
  assert.equal(needed('1990-01-01', 'female', 'special-work'), 540);
  assert.equal(needed('1990-01-01', 'male', 'illness'), 600);
  assert.deepEqual(
    [age('1966-02-15', '2026-02-14', 'male').ageMonths, age('1966-02-15', '2026-02-15', 'male').ageMonths],
    [719, 720],
  );
});
