import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { loadPolicies } from '#policy/index.ts';
import { refusals } from '#policy/testing.ts';
import { baseThatPays, share } from './exact.ts';
import {
  alternativesOf,
  benefitLayers,
  benefitPolicy,
  careOf,
  catalogueOf,
  continuityIncentive,
  cumulativeTypes,
  employeeContribution,
  epidemicAdvance,
  factsOf,
  identityOf,
  levelOf,
  maternityAllowance,
  missingYears,
  noAccumulators,
  payLongTermCare,
  personOf,
  readCatalogue,
  residentContribution,
  settleVisit,
  transferWait,
  type Visit,
} from './index.ts';
import { policyOfTexts } from './testing.ts';

const policies = loadPolicies();
const policyOf = (area: string, date = '2026-06-01') => benefitPolicy(benefitLayers(area, policies), date);
const DEMO = policyOf('990100');

describe('exact shares', () => {
  test('half up, down and up, with the rest that the rounding left', () => {
    assert.deepEqual(share(33_333, 650_000, 'half-up'), { pay: 21_666, rest: 450_000 });
    assert.deepEqual(share(1, 500_000, 'half-up'), { pay: 1, rest: -500_000 });
    assert.deepEqual(share(1, 999_999, 'down'), { pay: 0, rest: 999_999 });
    assert.deepEqual(share(1, 1, 'up'), { pay: 1, rest: -999_999 });
  });
  test('beyond 2^53 the product is made with bigints', () => {
    assert.deepEqual(share(900_000_000_001, 333_333, 'half-up'), { pay: 299_999_700_000, rest: 333_333 });
  });
  test('the least base that pays an amount', () => {
    assert.equal(baseThatPays(3_532_000, 9_000_000, 900_000, 'half-up', 0), 3_924_444);
  });
});

describe('contributions', () => {
  test('a resident of 2022 pays 350 of 960; a destitute one nothing, subsistence 150', () => {
    const of2022 = policyOf('000000', '2022-06-01');
    const plain = residentContribution(of2022, { scheme: 'resident' });
    assert.deepEqual(plain, { totalFen: 96_000, subsidyFen: 61_000, aidFen: 0, personFen: 35_000 });
    assert.equal(residentContribution(DEMO, { identity: 'destitute' }).personFen, 0);
    assert.equal(residentContribution(DEMO, { identity: 'subsistence' }).personFen, 20_000);
  });
  test('the base of an employee lies between 60 % and 300 % of the average wage, and the parts add up', () => {
    const of = (wage: number) =>
      employeeContribution(DEMO, wage, { scheme: 'employee', person: 'in-service' });
    assert.equal(of(100_000).baseFen, 432_000);
    assert.equal(of(9_000_000).baseFen, 2_160_000);
    assert.deepEqual(of(1_000_050), {
      baseFen: 1_000_050,
      employerFen: 65_003,
      personFen: 20_001,
      accountFen: 20_001,
      poolFen: 65_003,
    });
  });
  test('years still missing at retirement', () => {
    assert.equal(missingYears(DEMO, 22, { sex: 'female' }), 3);
    assert.equal(missingYears(DEMO, 31, { sex: 'male' }), 0);
  });
});

describe('maternity allowance', () => {
  test('average monthly wage ÷ 30 × days, difficult birth and twins add days', () => {
    const facts = { unitWageFen: 800_000, delivery: 'normal', babies: 1, difficult: false };
    assert.deepEqual(maternityAllowance(DEMO, facts), {
      days: 158,
      monthDays: 30,
      wageFen: 800_000,
      allowanceFen: 4_213_333,
    });
    assert.equal(maternityAllowance(DEMO, { ...facts, babies: 2, difficult: true }).days, 188);
    assert.equal(maternityAllowance(DEMO, { ...facts, delivery: 'miscarriage-late' }).days, 42);
  });
  test('the wage is held between 60 % and 300 % of the average', () => {
    const facts = { unitWageFen: 300_000, delivery: 'normal', babies: 1, difficult: false };
    assert.equal(maternityAllowance(DEMO, facts).wageFen, 432_000);
  });
});

describe('long-term care', () => {
  test('Tengzhou: a share of the fee up to a daily limit by level, a fixed amount for self-organised care', () => {
    const tengzhou = policyOf('370481');
    const who = { scheme: 'employee', disability: 'severe-1' };
    const of = (care_form: string, level: string, feeFen: number | undefined) =>
      payLongTermCare(tengzhou, { id: 'A', days: 30, feeFen }, { ...who, care_form, level }).payFen;
    assert.equal(of('institution', '3', 600_000), 360_000);
    assert.equal(of('institution', '1', 200_000), 160_000);
    assert.equal(of('home-visit', '1', 100_000), 90_000);
    assert.equal(of('self', '1', 500_000), 90_000);
    assert.equal(of('self', '1', 5_000), 5_000);
    assert.equal(of('self', '1', undefined), 90_000);
  });
  test('Wencheng: 5960 × 50 % × 80 % for severe I at home', () => {
    const paid = payLongTermCare(
      policyOf('330328'),
      { id: 'A', days: undefined, feeFen: 400_000 },
      { scheme: 'resident', disability: 'severe-1', care_form: 'home-visit' },
    );
    assert.deepEqual([paid.payFen, paid.personFen, paid.fund], [238_400, 161_600, '660102']);
  });
});

describe('incentives of continuous enrolment', () => {
  test('Xuchang: 3000 for each year after four, as much for each year without a claim, at most 80,000, kept after a gap', () => {
    const xuchang = policyOf('411000');
    const earned = (continuousYears: number, zeroClaimYears: number, earnedBeforeGapFen = 0) =>
      continuityIncentive(xuchang, { continuousYears, zeroClaimYears, earnedBeforeGapFen }).incentiveFen;
    assert.equal(earned(4, 0), 0);
    assert.equal(earned(6, 2), 1_200_000);
    assert.equal(earned(1, 0, 600_000), 600_000);
    assert.equal(earned(40, 30), 8_000_000);
  });
  test('the demo city limits them to a fifth of the cap and starts again after a gap', () => {
    const facts = { continuousYears: 40, zeroClaimYears: 10, earnedBeforeGapFen: 100_000 };
    assert.equal(continuityIncentive(DEMO, facts, { scheme: 'resident' }).incentiveFen, 8_000_000);
    const early = { ...facts, continuousYears: 1, zeroClaimYears: 0 };
    assert.equal(continuityIncentive(DEMO, early, { scheme: 'resident' }).incentiveFen, 0);
  });
  test('a person’s incentive raises the cap of catastrophic insurance', () => {
    const texts = {
      'basic.bands': '0',
      'catastrophic.applies': 'yes',
      'catastrophic.bands': '0.5',
      'catastrophic.cap': '1000',
    } as const;
    const visit: Visit = {
      id: 'V',
      care: 'inpatient',
      date: '2025-01-01',
      parts: { ownFen: 0, overLimitFen: 0, priorFen: 0, inScopeFen: 1_000_000 },
    };
    const paid = (incentiveFen: number) =>
      settleVisit({
        policy: policyOfTexts(texts),
        person: { scheme: 'resident', incentiveFen },
        visit,
        accumulators: noAccumulators(2025),
      }).settlement.totals.hifmi_pay;
    assert.deepEqual([paid(0), paid(20_000)], [100_000, 120_000]);
  });
});

test('an epidemic advance is paid on the days the policy names', () => {
  assert.equal(epidemicAdvance(policyOf('990100', '2025-03-01'), 123_456), 123_456);
  assert.equal(epidemicAdvance(policyOf('990100', '2025-07-01'), 123_456), 0);
});

test('a transfer after at most three months, repaid, has no wait and is traced back', () => {
  const of = (gapMonths: number, repaid: boolean) =>
    transferWait(DEMO, { gapMonths, repaid, joinedOn: '2026-05-15' });
  assert.deepEqual(of(3, true), { months: 0, tracedBack: true, entitledFrom: '2026-02-15' });
  assert.deepEqual(of(2, false), { months: 6, tracedBack: false, entitledFrom: '2026-11-15' });
  assert.deepEqual(of(4, true), { months: 6, tracedBack: false, entitledFrom: '2026-11-15' });
});

test('a longer transfer gap that was repaid waits less where the policy says so', () => {
  const fujian = policyOf('350000');
  const of = (gapMonths: number, repaid: boolean) =>
    transferWait(fujian, { gapMonths, repaid, joinedOn: '2026-05-15' });
  assert.deepEqual(of(3, true), { months: 0, tracedBack: true, entitledFrom: '2026-02-15' });
  assert.deepEqual(of(4, true), { months: 3, tracedBack: false, entitledFrom: '2026-08-15' });
  assert.deepEqual(of(4, false), { months: 6, tracedBack: false, entitledFrom: '2026-11-15' });
});

test('official codes become words, unknown ones none', () => {
  assert.deepEqual(['21', '9901', '11', '9999'].map(careOf), [
    'inpatient',
    'two-disease',
    'outpatient',
    undefined,
  ]);
  assert.deepEqual(['2', '6', '9'].map(levelOf), ['3', '2', '1']);
  assert.deepEqual(['11', '1105', '1204', '1401', '99'].map(personOf), [
    'in-service',
    'in-service',
    'retired',
    'newborn',
    undefined,
  ]);
  assert.deepEqual(['2304', '2307', '2302'].map(identityOf), ['destitute', 'destitute', undefined]);
});

describe('catalogues', () => {
  const CSV = `code,name,class,restricted,scheme,level,from,to,ceiling,prior_type,prior_ratio,price_from
X1,,B,,,,2024-01-01,,,10,0.1,
X1,,,,employee,,2024-01-01,,,10,0.05,
X1,,,,,3,2024-01-01,,100,,,
X1,,A,,,,2025-01-01,,,,,
I1,,A,,,,2024-01-01,2024-12-31,,30,0.1,
I1,,,,,,2024-01-01,2024-12-31,,30,0.3,1000
I1,,,,,,2024-01-01,2024-12-31,,30,0.5,10000
`;
  const catalogue = readCatalogue(CSV, 'list.csv');
  const at = (date: string, scheme: string, level: string, price6 = 0) => ({ date, scheme, level, price6 });

  test('class, ceiling and ratio follow day, scheme and level', () => {
    assert.deepEqual(factsOf(catalogue, 'X1', at('2024-06-01', 'resident', '3')), {
      listClass: 'B',
      itemKind: undefined,
      restricted: undefined,
      ceiling6: 100_000_000,
      priorType: 10,
      priorRatio: 100_000,
    });
    assert.equal(factsOf(catalogue, 'X1', at('2024-06-01', 'employee', '1'))?.priorRatio, 50_000);
    assert.equal(factsOf(catalogue, 'X1', at('2025-06-01', 'employee', '1'))?.listClass, 'A');
  });
  test('type 30 takes the ratio of the price range', () => {
    const ratios = [999, 1000, 10_000].map(
      (yuan) => factsOf(catalogue, 'I1', at('2024-06-01', 'employee', '1', yuan * 1_000_000))?.priorRatio,
    );
    assert.deepEqual(ratios, [100_000, 300_000, 500_000]);
  });
  test('a line whose item is in no list on its day is wholly self-paid', () => {
    const settled = (date: string) =>
      settleVisit({
        policy: policyOfTexts({ 'basic.bands': '0.5' }),
        person: { scheme: 'employee' },
        visit: { id: 'V', care: 'outpatient', date, lines: [{ code: 'I1', amountFen: 200_000 }] },
        accumulators: noAccumulators(Number(date.slice(0, 4))),
        catalogue,
      }).settlement;
    assert.equal(settled('2024-12-31').totals.preselfpay_amt, 60_000);
    assert.equal(settled('2025-01-01').totals.fulamt_ownpay_amt, 200_000);
    assert.equal(settled('2025-01-01').lines[0]!.reason, 'not-listed');
  });
  test('every wrong cell of a catalogue is refused with its line', () => {
    assert.deepEqual(
      refusals(() =>
        readCatalogue('code,from,class,ceiling\nA,2024-01-01,D,1\nB,2024-13-01,A,x\n', 'list.csv'),
      ),
      [
        'benefits.wrong-catalogue list.csv:2',
        'benefits.wrong-catalogue list.csv:3',
        'benefits.wrong-catalogue list.csv:3',
      ],
    );
    assert.equal(catalogueOf([]).size, 0);
  });
});

describe('what else would have been paid', () => {
  const visit: Visit = {
    id: 'V',
    care: 'inpatient',
    level: '3',
    date: '2026-06-01',
    place: 'cross-province',
    parts: { ownFen: 0, overLimitFen: 0, priorFen: 0, inScopeFen: 1_000_000 },
  };
  const input = {
    person: { scheme: 'resident', person: 'adult' },
    visit,
    accumulators: noAccumulators(2026),
  };
  test('is said with a filing and at other levels where the policy allows it', () => {
    const asked = { ...input, policy: DEMO };
    const { settlement } = settleVisit(asked);
    const answers = alternativesOf(asked, settlement);
    assert.deepEqual(
      answers.map(({ change, value, fundFen }) => [change, value, fundFen]),
      [
        ['filing', 'transfer', 517_000],
        ['filing', 'long-term', 611_000],
        ['level', '1', 640_250],
        ['level', '2', 517_000],
      ],
    );
  });
  test('is not said otherwise', () => {
    const asked = { ...input, policy: policyOfTexts({ 'basic.bands': '0.5' }) };
    assert.deepEqual(alternativesOf(asked, settleVisit(asked).settlement), []);
  });
});

test('accumulators are told by the codes of cumulative types', () => {
  const { accumulators } = settleVisit({
    policy: policyOfTexts({ 'basic.bands': '0.5', 'basic.deductible': '100' }),
    person: { scheme: 'resident' },
    visit: {
      id: 'V',
      care: 'inpatient',
      date: '2026-06-01',
      parts: { ownFen: 1000, overLimitFen: 0, priorFen: 500, inScopeFen: 30_000 },
    },
    accumulators: noAccumulators(2026),
  });
  assert.deepEqual(cumulativeTypes(accumulators), [
    { code: 'C0000', value: 1 },
    { code: 'D390101', value: 10_000 },
    { code: 'F0000', value: 31_500 },
    { code: 'Q0000', value: 10_000 },
    { code: 'S0000', value: 30_000 },
    { code: 'Z0000_LAB101', value: 1000 },
    { code: 'Z0000_LAB102', value: 500 },
  ]);
});
