import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { readAreaTables } from '#catalogue/area-tables.ts';
import { YibaoError } from '#kernel/errors.ts';
import { divide, fraction, scaledText } from '#kernel/fraction.ts';
import { type DiseaseHistory, diseaseCoefficients } from './coefficients.ts';
import { weightedMean, type YearCost } from './weighted-mean.ts';

const WEIGHTS = new Map([
  [2022, 1n],
  [2023, 2n],
  [2024, 7n],
]);
const weighting = { weights: WEIGHTS, mean: (years: readonly YearCost[]) => weightedMean(years, WEIGHTS) };
const LIMITS = { cases: 10n, difference: fraction(1n, 4n) };

/** Cases and mean cost in fen of each level, all of 2024. */
function disease(
  levels: Readonly<Record<number, readonly [number, number]>>,
  is: Partial<DiseaseHistory> = {},
) {
  return {
    levels: new Map(
      Object.entries(levels).map(([level, [cases, mean]]) => [
        Number(level),
        [{ year: 2024, cases: BigInt(cases), costFen: BigInt(cases * mean) }],
      ]),
    ),
    isConservative: false,
    isPrimaryCare: false,
    ...is,
  };
}
const verdictOf = (history: DiseaseHistory) => diseaseCoefficients(history, weighting, LIMITS).verdict;

describe('a disease has a coefficient of its own', () => {
  test('mean of the level over mean of the disease, rounded to four', () => {
    // 10 · 8,000 + 20 · 10,000 + 20 · 12,000 = 520,000 over 50 is 10,400
    const { verdict, levels } = diseaseCoefficients(
      disease({ 1: [10, 8_000], 2: [20, 10_000], 3: [20, 12_000] }),
      weighting,
      LIMITS,
    );
    assert.equal(verdict, 'own-coefficient');
    assert.deepEqual(
      [...levels].map(([level, { coefficient4 }]) => [level, scaledText(coefficient4, 4)]),
      [
        [1, '0.7692'],
        [2, '0.9615'],
        [3, '1.1538'],
      ],
    );
  });

  test('only if every level that treats it has enough cases', () => {
    assert.equal(verdictOf(disease({ 1: [9, 8_000], 3: [500, 12_000] })), 'too-few-cases');
    assert.equal(verdictOf(disease({ 1: [10, 8_000], 3: [500, 12_000] })), 'own-coefficient');
    assert.equal(verdictOf(disease({ 3: [500, 12_000] })), 'one-level');
    assert.equal(verdictOf(disease({})), 'one-level');
  });

  test('only if the dearest level exceeds the cheapest by enough; exactly enough is enough', () => {
    assert.equal(verdictOf(disease({ 2: [20, 8_000], 3: [20, 10_000] })), 'own-coefficient');
    assert.equal(verdictOf(disease({ 2: [20, 8_000], 3: [20, 9_999] })), 'small-difference');
  });

  test('only if no level is dearer than a higher one; equal ones are not inverted', () => {
    assert.equal(verdictOf(disease({ 1: [20, 9_000], 2: [20, 8_000], 3: [20, 12_000] })), 'inverted');
    assert.equal(verdictOf(disease({ 1: [20, 12_000], 3: [20, 8_000] })), 'inverted');
    assert.equal(verdictOf(disease({ 1: [20, 9_000], 2: [20, 9_000], 3: [20, 12_000] })), 'own-coefficient');
  });

  test('never in conservative and primary-care groups', () => {
    const levels = { 1: [20, 8_000], 3: [20, 12_000] } as const;
    assert.equal(verdictOf(disease(levels, { isConservative: true })), 'conservative');
    assert.equal(verdictOf(disease(levels, { isPrimaryCare: true })), 'primary-care');
  });
});

test('the pooled reading weights the cases, the literal one the yearly means', () => {
  const years = [
    { year: 2022, cases: 90n, costFen: 90n * 1_000n },
    { year: 2024, cases: 10n, costFen: 10n * 2_000n },
  ];
  // (1 · 1,000 + 7 · 2,000) / 8; (1 · 90,000 + 7 · 20,000) / (90 + 70)
  assert.deepEqual(weightedMean(years, WEIGHTS), fraction(1_875n));
  assert.deepEqual(weightedMean(years, WEIGHTS, 'pooled'), divide(fraction(230_000n), fraction(160n)));
  assert.equal(weightedMean([], WEIGHTS, 'pooled'), undefined);
});

describe('what is wrong with the files of scores, coefficients and types is told with its line', () => {
  const problemsOf = (name: string, content: string): string[] => {
    const folder = mkdtempSync(join(tmpdir(), 'yibao-points-files-'));
    const files = {
      'area.yaml': 'area: "990200"\nname: 试算市\nprofile: reference\n',
      'institutions.csv': 'fixmedins_code,name,level\nH1,一院,3\n',
      'procedures.csv': 'oprn_oprt_code,attribute\n47.0100,surgery\n',
      'budget.csv': 'year,insutype,budget\n2025,310,1\n',
      [name]: content,
    };
    try {
      for (const [file, text] of Object.entries(files)) writeFileSync(join(folder, file), text);
      readAreaTables(folder);
      return [];
    } catch (error) {
      assert.ok(error instanceof YibaoError);
      return error.problems.map(
        ({ definition, file, row, field }) => `${definition.code} ${file}:${row} ${field}`,
      );
    } finally {
      rmSync(folder, { recursive: true });
    }
  };

  test('score_adjustments.csv: one of score and factor, a reason, each group once', () => {
    const header = 'group_code,score,factor,reason\n';
    assert.deepEqual(problemsOf('score_adjustments.csv', `${header}A,1200.5,,评审\nB,,1.05,评审\n`), []);
    assert.deepEqual(
      problemsOf('score_adjustments.csv', `${header}A,1200,1.05,评审\nB,,,评审\nC,-1,,\nD,1,,x\nD,2,,x\n`),
      [
        'area.score-or-factor score_adjustments.csv:2 score,factor',
        'area.score-or-factor score_adjustments.csv:3 score,factor',
        'area.bad-value score_adjustments.csv:4 score',
        'area.bad-value score_adjustments.csv:4 reason',
        'area.repeated-row score_adjustments.csv:6 group_code',
      ],
    );
  });

  test('institution_coefficients.csv: known institutions and parts, each once, with a source', () => {
    const header = 'fixmedins_code,component,value,source\n';
    assert.deepEqual(
      problemsOf(
        'institution_coefficients.csv',
        `${header}H1,base,0.9,x\nH1,cmi,-0.05,x\nH9,base,1,x\nH1,bonus,1,x\nH1,base,1,\n`,
      ),
      [
        'area.unknown-institution institution_coefficients.csv:4 fixmedins_code',
        'area.bad-value institution_coefficients.csv:5 component',
        'area.bad-value institution_coefficients.csv:6 source',
      ],
    );
  });

  test('diagnosis_lists.csv and case_details.csv: whole weights and days, amounts', () => {
    assert.deepEqual(
      problemsOf(
        'diagnosis_lists.csv',
        'list,code,weight,unless_principal\ncci,I50,1,\ncci,E11,one,\n,E12,1,\n',
      ),
      ['area.bad-value diagnosis_lists.csv:3 weight', 'area.bad-value diagnosis_lists.csv:4 list'],
    );
    assert.deepEqual(
      problemsOf('case_details.csv', 'setl_id,icu_days,treatment_fee,drug_fee\n1,2,3.50,\n2,-1,x,\n1,1,,\n'),
      [
        'area.bad-value case_details.csv:3 icu_days',
        'area.bad-value case_details.csv:3 treatment_fee',
        'area.repeated-row case_details.csv:4 setl_id',
      ],
    );
  });
});
