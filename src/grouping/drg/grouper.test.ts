import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { temporaryFolder } from '../../../test/support/run-cli.ts';
import { testWithSharedData } from '../../../test/support/shared-data.ts';
import type { DrgCase } from './case.ts';
import { caseOf } from './case-row.ts';
import { compileScheme } from './compile.ts';
import { NUMBER_FIELDS } from './condition.ts';
import { Grouper } from './grouper.ts';
import { interpretCase } from './interpret.ts';
import { readScheme } from './read-scheme.ts';
import { randomCase, randomScheme } from './scheme.fixtures.ts';
import type { Scheme } from './scheme.ts';
import { writeScheme } from './testing.ts';

/** Random schemes; set YIBAO_RANDOM_SCHEMES higher for a longer search. */
const SCHEMES = Number(process.env.YIBAO_RANDOM_SCHEMES ?? 300);
const CASES_OF_SCHEME = 60;

/** Through JSON, as a stored program goes. */
const grouperOf = (scheme: Scheme) => new Grouper(JSON.parse(JSON.stringify(compileScheme(scheme))));

describe('the compiled grouper says what the plain interpreter says', () => {
  test('on random schemes and random cases', (t) => {
    const folder = temporaryFolder(t);
    fc.assert(
      fc.property(
        randomScheme,
        fc.array(randomCase, { minLength: CASES_OF_SCHEME, maxLength: CASES_OF_SCHEME }),
        (files, cases) => {
          const { scheme } = readScheme(writeScheme(folder, files));
          const grouper = grouperOf(scheme);
          for (const each of cases) {
            assert.deepEqual(grouper.groupCase(each), interpretCase(scheme, each).outcome);
          }
        },
      ),
      { numRuns: SCHEMES, seed: 20250101 },
    );
  });

  testWithSharedData('on CHS-DRG 1.1 and 40,000 random cases of its codes', (data) => {
    const { scheme } = readScheme(join(data, 'drg', 'chs-drg-1.1'));
    const grouper = grouperOf(scheme);
    const results = new Set<string>();
    const cases = fc.sample(caseOfScheme(scheme), { numRuns: 40_000, seed: 7 });
    for (const each of cases) {
      const expected = interpretCase(scheme, each).outcome;
      assert.deepEqual(grouper.groupCase(each), expected);
      results.add(expected.drg);
    }
    assert.ok(results.size > 300, `only ${results.size} different groups`);
  });
});

/** Cases whose codes come from a few lists of one MDC, so that they get far into the decision list. */
function caseOfScheme(scheme: Scheme): fc.Arbitrary<DrgCase> {
  const lists = [...scheme.lists].map(([name, { partOf }]) => ({ name, codes: [...partOf.keys()] }));
  const procedures = lists.filter(({ codes }) => /^\d/.test(codes[0]!));
  const diagnoses = lists.filter(({ codes }) => !/^\d/.test(codes[0]!));
  const codeOf = (among: typeof lists) =>
    fc.constantFrom(...among).chain(({ codes }) => fc.constantFrom(...codes));
  const complication = fc.constantFrom(...scheme.mcc.keys(), ...scheme.cc.keys());
  return fc.constantFrom(...diagnoses).chain(({ name, codes }) => {
    const letter = /^MDC(.)/.exec(name)?.[1] ?? name[0]!;
    const near = procedures.filter((list) => list.name.startsWith(letter));
    const nearDiagnoses = diagnoses.filter((list) => list.name.startsWith(letter));
    const procedure = fc.oneof(codeOf(near.length > 0 ? near : procedures), codeOf(procedures));
    const other = fc.oneof(complication, codeOf(nearDiagnoses.length > 0 ? nearDiagnoses : diagnoses));
    return fc.record({
      numbers: fc.record({
        age_years: fc.constantFrom(0, 0, 1, 17, 60),
        age_days: fc.constantFrom(Number.NaN, 0, 28, 29, 300),
        birth_weight_g: fc.constantFrom(Number.NaN, 900, 1500, 1999, 2000, 2500, 3300),
        length_of_stay: fc.constantFrom(1, 5, 61),
        icu_hours: fc.constant(Number.NaN),
      }),
      texts: fc.record({
        sex: fc.constantFrom('1', '2', ''),
        disposition: fc.constantFrom('1', '5'),
        department: fc.constant(''),
        inpatient_type: fc.constant(''),
      }),
      diagnoses: fc
        .tuple(fc.constantFrom(...codes), fc.array(other, { maxLength: 4 }))
        .map(([first, rest]) => [first, ...rest]),
      procedures: fc.array(procedure, { maxLength: 3 }),
    });
  });
}

testWithSharedData(
  'all 4,000 labelled cases of CHS-DRG 1.1 get the group of the independent grouper',
  (data) => {
    const folder = join(data, 'drg', 'chs-drg-1.1');
    const { scheme } = readScheme(folder);
    const grouper = grouperOf(scheme);
    const rows = parse(readFileSync(join(folder, 'labelled_cases.csv')), {
      columns: true,
      bom: true,
    }) as Record<string, string>[];
    const wrong = rows.flatMap((row) => {
      const each = caseOf((field) => row[field] ?? '', row.diagnoses!, row.procedures!);
      const { drg } = grouper.groupCase(each);
      return drg === row.drg ? [] : [`${row.case_id}: ${drg} instead of ${row.drg}`];
    });
    assert.deepEqual(wrong, []);
    assert.equal(rows.length, 4_000);
  },
);

/** A case with only what a test is about; the rest is missing. */
const caseWith = (values: Partial<Record<string, string>>): DrgCase =>
  caseOf((field) => values[field] ?? '', values.diagnoses ?? 'I63.900', values.procedures ?? '');

describe('the order of evaluation', () => {
  const outcomes = (
    steps: readonly string[],
    rest: Readonly<Record<string, readonly string[]>>,
    folder: string,
  ) => {
    const { scheme } = readScheme(writeScheme(folder, { 'steps.csv': steps, ...rest }));
    const grouper = grouperOf(scheme);
    return (values: Partial<Record<string, string>>) => {
      const outcome = grouper.groupCase(caseWith(values));
      assert.deepEqual(interpretCase(scheme, caseWith(values)).outcome, outcome);
      return [outcome.status, outcome.mdc, outcome.adrg, outcome.drg].join(' ');
    };
  };

  test('a section without a result is left and the next one tried', (t) => {
    const of = outcomes(
      [
        '1,mdc,MDCA,MDCA,always',
        '2,adrg,MDCA,AA1,sex == 2',
        '3,drg,MDCA,AA11,age_years >= 60',
        '4,mdc,MDCB,MDCB,always',
        '5,adrg,MDCB,BR1,always',
        '6,drg,MDCB,BR1,always',
      ],
      { 'groups.csv': ['AA11,a'] },
      temporaryFolder(t),
    );
    assert.equal(of({ sex: '1' }), 'grouped MDCB BR1 BR1');
    assert.equal(of({ sex: '2', age_years: '59' }), 'grouped MDCB BR1 BR1');
    assert.equal(of({ sex: '2', age_years: '60' }), 'grouped MDCA AA1 AA11');
  });

  test('an ADRG in several steps is several alternatives', (t) => {
    const of = outcomes(
      [
        '1,mdc,MDCA,MDCA,always',
        '2,adrg,MDCA,AA1,sex == 1',
        '3,drg,MDCA,AA11,age_years < 10',
        '4,adrg,MDCA,AA1,sex == 1',
        '5,drg,MDCA,AA15,always',
        '6,ambiguous,MDCA,AQY,sex == 2',
      ],
      { 'groups.csv': ['AA11,a', 'AA15,b', 'AQY,c'] },
      temporaryFolder(t),
    );
    assert.equal(of({ sex: '1', age_years: '9' }), 'grouped MDCA AA1 AA11');
    assert.equal(of({ sex: '1', age_years: '10' }), 'grouped MDCA AA1 AA15');
    assert.equal(of({ sex: '2' }), 'ambiguous MDCA  AQY');
    assert.equal(of({}), 'ungrouped   0000');
  });

  test('a missing number makes a comparison false, and its denial true', (t) => {
    for (const field of NUMBER_FIELDS) {
      const of = outcomes(
        [
          '1,mdc,MDCA,MDCA,always',
          `2,adrg,MDCA,AA1,${field} <= 28 or ${field} > 28`,
          '3,drg,MDCA,AA1,always',
          `4,adrg,MDCA,AA2,not 0 <= ${field} < 100`,
          '5,drg,MDCA,AA2,always',
        ],
        {},
        temporaryFolder(t),
      );
      assert.equal(of({ [field]: '28' }), 'grouped MDCA AA1 AA1');
      assert.equal(of({}), 'grouped MDCA AA2 AA2');
    }
  });

  test('and binds before or, not to the single test after it', (t) => {
    const of = outcomes(
      [
        '1,mdc,MDCA,MDCA,always',
        '2,adrg,MDCA,AA1,sex == 1 or sex == 2 and age_years > 60',
        '3,drg,MDCA,AA1,always',
        '4,adrg,MDCA,AA2,not sex == 2 and age_years > 60',
        '5,drg,MDCA,AA2,always',
      ],
      {},
      temporaryFolder(t),
    );
    assert.equal(of({ sex: '1' }), 'grouped MDCA AA1 AA1');
    assert.equal(of({ sex: '2' }), 'ungrouped   0000');
    assert.equal(of({ age_years: '61' }), 'grouped MDCA AA2 AA2');
  });

  test('a complication of the exclusion list of the principal diagnosis does not count', (t) => {
    const of = outcomes(
      [
        '1,mdc,MDCA,MDCA,always',
        '2,adrg,MDCA,AA1,always',
        '3,drg,MDCA,AA11,has_mcc',
        '4,drg,MDCA,AA13,has_cc',
        '5,drg,MDCA,AA15,always',
      ],
      {
        'groups.csv': ['AA11,a', 'AA13,b', 'AA15,c'],
        'mcc.csv': ['M1,1', 'M2,2', 'M0,'],
        'cc.csv': ['C1,1', 'C2,2'],
        'exclusions.csv': ['P1,1', 'P2,2'],
      },
      temporaryFolder(t),
    );
    assert.equal(of({ diagnoses: 'P1|M1' }), 'grouped MDCA AA1 AA15', 'the same list');
    assert.equal(of({ diagnoses: 'P2|M1' }), 'grouped MDCA AA1 AA11', 'another list');
    assert.equal(of({ diagnoses: 'P3|M1' }), 'grouped MDCA AA1 AA11', 'no list excludes nothing');
    assert.equal(
      of({ diagnoses: 'P1|M0' }),
      'grouped MDCA AA1 AA11',
      'a complication without list is never excluded',
    );
    assert.equal(of({ diagnoses: 'M1' }), 'grouped MDCA AA1 AA15', 'the first diagnosis is no complication');
    assert.equal(of({ diagnoses: 'P1|M1|C2' }), 'grouped MDCA AA1 AA13', 'has_cc');
    assert.equal(of({ diagnoses: 'P1|C1|M1' }), 'grouped MDCA AA1 AA15', 'both excluded');
  });

  test('sites are counted by the last part of a code, each once', (t) => {
    const of = outcomes(
      ['1,mdc,MDCZ,MDCZ,diagnosis_sites(@SITE) >= 2', '2,adrg,MDCZ,ZZ1,always', '3,drg,MDCZ,ZZ1,always'],
      {
        'lists.csv': [
          'SITE,H1,head',
          'SITE,H2,head',
          'SITE,C1,chest',
          'SITE,X1,chest',
          'SITE,X1,head',
          'SITE,N1,',
        ],
      },
      temporaryFolder(t),
    );
    const [two, one] = ['grouped MDCZ ZZ1 ZZ1', 'ungrouped   0000'];
    assert.equal(of({ diagnoses: 'H1|C1' }), two);
    assert.equal(of({ diagnoses: 'H1|H2|H1' }), one);
    assert.equal(of({ diagnoses: 'Q9|H2|C1' }), two);
    assert.equal(of({ diagnoses: 'H1|X1' }), one, 'X1 counts for head, its last part');
    assert.equal(of({ diagnoses: 'C1|X1' }), two);
    assert.equal(of({ diagnoses: 'H1|N1' }), one, 'a code without part counts for none');
  });

  test('the first procedure and any procedure, blanks around codes and empty codes', (t) => {
    const of = outcomes(
      [
        '1,mdc,MDCA,MDCA,"principal_diagnosis in [""E23.000x001+G73.5*"", ""X""]"',
        "2,adrg,MDCA,AA1,principal_procedure in ['96.0400']",
        '3,drg,MDCA,AA1,always',
        "4,adrg,MDCA,AA2,any_procedure in ['96.0400'] and other_diagnosis in ['A00']",
        '5,drg,MDCA,AA2,always',
      ],
      {},
      temporaryFolder(t),
    );
    const principal = 'E23.000x001+G73.5*';
    assert.equal(of({ diagnoses: principal, procedures: '96.0400' }), 'grouped MDCA AA1 AA1');
    assert.equal(of({ diagnoses: ` ${principal} `, procedures: '| 96.0400 |01' }), 'grouped MDCA AA1 AA1');
    assert.equal(of({ diagnoses: `${principal}|A00`, procedures: '01|96.0400' }), 'grouped MDCA AA2 AA2');
    assert.equal(of({ diagnoses: principal, procedures: '01|96.0400' }), 'ungrouped   0000');
    assert.equal(of({ diagnoses: `A00|${principal}`, procedures: '96.0400' }), 'ungrouped   0000');
    assert.equal(of({ diagnoses: principal.toLowerCase(), procedures: '96.0400' }), 'ungrouped   0000');
  });

  test('texts of codes are read as their numbers are, with a hundred codes too', (t) => {
    const { scheme } = readScheme(writeScheme(temporaryFolder(t)));
    const grouper = grouperOf(scheme);
    const facts = new Int32Array(8);
    const long = [
      'I63.900',
      ...Array.from({ length: 99 }, (_, i) => (i === 98 ? 'S06.000' : `X${i}`)),
      'S27.000',
    ];
    const outcome = grouper.outcomes[grouper.groupTexts(long.join('|'), '', facts)]!;
    assert.equal(outcome.mdc, '', 'neither sex nor disposition is given');
    facts[5] = grouper.classOfText('sex', '1');
    assert.equal(grouper.outcomes[grouper.groupTexts(long.join(' | '), ' 01.2409', facts)]!.drg, 'BR1');
  });
});
