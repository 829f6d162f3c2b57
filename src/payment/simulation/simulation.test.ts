import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { parse } from 'yaml';
import { parseYuan, yuanText } from '#kernel/money.ts';
import { parametersOfSql } from '#policy/index.ts';
import { changedBudgetFen, parseBudgetChange, schemeOfName } from './budget-change.ts';
import { StageWatch } from './stage-watch.ts';

const cases = parse(readFileSync(join(import.meta.dirname, 'budget-change.cases.yaml'), 'utf8')) as {
  readonly budget: string;
  readonly change: string;
  readonly result: string | null;
}[];

describe('a budget is changed exactly', () => {
  for (const { budget, change, result } of cases) {
    test(`${budget} ${change} → ${result ?? 'no change of a budget'}`, () => {
      const parsed = parseBudgetChange(change);
      const found = parsed === undefined ? null : yuanText(changedBudgetFen(parseYuan(budget)!, parsed));
      assert.equal(found, result);
    });
  }

  test('schemes are named by word or code', () => {
    assert.deepEqual(
      ['budget.resident', 'budget.employee', 'budget.390', 'budget.310', 'budget.other', 'resident'].map(
        schemeOfName,
      ),
      ['390', '310', '390', '310', undefined, undefined],
    );
  });
});

describe('what a stage reads and writes is noted', () => {
  test('parameters named in a statement, completed in it, or all of them when none is named', () => {
    assert.deepEqual(
      parametersOfSql(
        `SELECT max(CASE WHEN parameter = 'payment.monthly_ratio' THEN scaled END) FROM policy_value`,
      ),
      ['payment.monthly_ratio'],
    );
    const completed = parametersOfSql(
      `SELECT * FROM signature JOIN policy_value AS c ON c.parameter = 'comprehensive.class.' || attribute`,
    );
    assert.ok(
      completed.includes('comprehensive.class.none') && completed.includes('comprehensive.class.surgery'),
    );
    assert.ok(completed.every((name) => name.startsWith('comprehensive.class.')));
    assert.deepEqual(parametersOfSql('SELECT * FROM policy_year_weight'), ['score.year_weights']);
    assert.ok(parametersOfSql('SELECT * FROM policy_value').length > 100);
    assert.deepEqual(parametersOfSql(`SELECT 'not.a_parameter' FROM list`), []);
  });

  test('the first stage that reads decides, and checks count for none', () => {
    const watch = new StageWatch();
    watch.enter('money');
    watch.statement(
      `CREATE OR REPLACE TABLE due AS SELECT value FROM policy_value WHERE parameter = 'point_value.mode'`,
    );
    watch.enter('points');
    watch.statement(`-- UPDATE nothing\nINSERT INTO case_type SELECT 'point_value.mode'`);
    watch.enter(undefined);
    watch.statement(`UPDATE case_score SET points4 = 1 WHERE 'score.unit' = ''`);
    const { firstReader, made, changed } = watch.record();
    assert.deepEqual(firstReader, { 'point_value.mode': 'points' });
    assert.deepEqual(made, { lists: [], groups: [], points: [], money: ['due'] });
    assert.deepEqual(changed, { lists: [], groups: [], points: ['case_type'], money: [] });
  });
});
