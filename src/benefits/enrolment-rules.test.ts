import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { parse } from 'yaml';
import {
  benefitLayers,
  benefitPolicy,
  countedMonths,
  employeeSpans,
  type MonthPaid,
  residentContribution,
  residentYear,
  retirementYears,
} from './index.ts';
import { policyOfTexts } from './testing.ts';

type Expected = Readonly<Record<string, unknown>>;
const cases = parse(readFileSync(join(import.meta.dirname, 'enrolment-rules.cases.yaml'), 'utf8')) as {
  contributions: {
    name: string;
    area?: string;
    date: string;
    residence?: 'permit';
    identity?: string;
    expect: Expected;
  }[];
  residents: { name: string; given: Parameters<typeof residentYear>[1]; expect: Expected; wait: Expected }[];
  employees: { name: string; paid: MonthPaid[]; expect: Expected[] }[];
  counted: { name: string; stretches: { monthFrom: string; monthTo: string }[]; expect: Expected }[];
  retirement: {
    name: string;
    sex: string;
    /** of residents' years; the other parameters as in the demo city */
    ratio?: string;
    given: Parameters<typeof retirementYears>[1];
    expect: Expected;
  }[];
};
const policyOf = (date: string, area = '990100') => benefitPolicy(benefitLayers(area), date);
const holds = (actual: object, expected: Expected) => {
  for (const [field, value] of Object.entries(expected)) {
    assert.deepEqual((actual as Record<string, unknown>)[field], value, field);
  }
};

describe('contributions and their parts', () => {
  for (const { name, area, date, residence, identity, expect } of cases.contributions) {
    test(name, () =>
      holds(
        residentContribution(
          policyOf(date, area),
          { scheme: 'resident', ...(identity ? { identity } : {}) },
          residence,
        ),
        expect,
      ),
    );
  }
});

describe('the year of a resident', () => {
  for (const { name, given, expect, wait } of cases.residents) {
    test(name, () => {
      const answer = residentYear(policyOf(`${given.year}-01-01`), given);
      holds(answer, expect);
      holds(answer.wait, wait);
    });
  }
  test('gap years paid later never make the wait longer nor the years of enrolment fewer', () => {
    const policy = policyOf('2030-01-01');
    fc.assert(
      fc.property(
        fc.subarray([2025, 2026, 2027, 2028, 2029]),
        fc.subarray([2025, 2026, 2027, 2028, 2029]),
        (inTime, late) => {
          const paid = [
            { year: 2024, paidOn: '2023-10-01' },
            ...inTime.map((year) => ({ year, paidOn: `${year - 1}-10-01` })),
            { year: 2030, paidOn: '2029-10-01' },
          ];
          const before = residentYear(policy, { year: 2030, paid });
          const repaired = late.map((year) => ({ year, paidOn: '2030-01-15' }));
          const after = residentYear(policy, { year: 2030, paid: [...paid, ...repaired] });
          assert.ok(after.wait.months <= before.wait.months);
          assert.ok(after.continuousYears >= before.continuousYears);
          assert.equal(after.gapYears, before.gapYears);
        },
      ),
    );
  });
  test('a year nothing was paid for is no year of enrolment', () => {
    assert.throws(
      () => residentYear(policyOf('2027-01-01'), { year: 2027, paid: [] }),
      /nothing is paid for 2027/,
    );
  });
});

describe('spans of an employee', () => {
  for (const { name, paid, expect } of cases.employees) {
    test(name, () =>
      assert.deepEqual(
        employeeSpans(policyOf('2025-06-01'), paid),
        expect.map((span) => ({
          waitingUntil: undefined,
          follows: undefined,
          gapMonths: undefined,
          ...span,
        })),
      ),
    );
  }
});

describe('counted months', () => {
  for (const { name, stretches, expect } of cases.counted)
    test(name, () => holds(countedMonths(stretches), expect));
});

describe('retirement by years', () => {
  const converting = (ratio: string) =>
    policyOfTexts({
      'contribution.years_needed': '30',
      'contribution.local_years_needed': '10',
      'contribution.pay_up_ratio': '0.085',
      'contribution.average_wage': '7200',
      'contribution.resident_years_ratio': ratio,
    });
  for (const { name, sex, ratio, given, expect } of cases.retirement) {
    test(name, () => {
      const policy = ratio === undefined ? policyOf('2025-06-01') : converting(ratio);
      holds(retirementYears(policy, given, { scheme: 'employee', person: 'in-service', sex }), expect);
    });
  }
});
