import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { runCli, temporaryFolder } from './support/run-cli.ts';

const FILES = {
  'area.yaml': 'area: "880100"\nname: 试算市\nprofile: reference\n',
  'institutions.csv': 'fixmedins_code,name,level\nH1,第一医院,3\n',
  'procedures.csv': 'oprn_oprt_code,attribute\n47.0100,surgery\n',
  'budget.csv': 'year,insutype,budget\n2025,390,2000000.00\n',
  'budget_plan.yaml': `plans:
  - year: 2025
    insutype: 310
    way: proportion
    inpatient: "500000000"
    last_year_dip: "300000000"
    last_year_inpatient: "450000000"
`,
};
const area = (
  t: Parameters<typeof temporaryFolder>[0],
  more: Readonly<Record<string, string>> = {},
): string => {
  const folder = temporaryFolder(t);
  for (const [name, text] of Object.entries({ ...FILES, ...more })) writeFileSync(join(folder, name), text);
  return folder;
};

describe('yibao budget', { concurrency: 2 }, () => {
  test('prints every step in both languages, and the deadline', async (t) => {
    const folder = area(t);
    const chinese = await runCli(['budget', folder, '--year', '2025']);
    assert.equal(chinese.exit, 0, chinese.stderr);
    assert.match(chinese.stdout, /2025 年 职工 310：预算 333333333\.33 元/);
    assert.match(chinese.stdout, /比例法 {2}budget_plan\.yaml 第 2 行/);
    assert.match(chinese.stdout, /500000000\.00 × 300000000\.00 ÷ 450000000\.00 = 333333333\.33/);
    assert.match(chinese.stdout, /居民 390：预算 2000000\.00 元\n {2}直接给出 {2}budget\.csv 第 2 行/);
    assert.match(chinese.stdout, /清算截止日期 {2}2026-05-31/);
    const english = await runCli(['budget', folder, '--year', '2025', '--lang', 'en']);
    assert.match(english.stdout, /2025, employee 310: budget 333333333\.33 yuan/);
    assert.match(english.stdout, /must be cleared by 2026-05-31/);
  });

  test('writes the budgets and their steps, and the same again over its own result', async (t) => {
    const folder = area(t);
    const out = join(temporaryFolder(t), 'budget');
    for (let round = 0; round < 2; round += 1) {
      const run = await runCli(['budget', folder, '--year', '2025', '--out', out, '--json']);
      assert.equal(run.exit, 0, run.stderr);
      assert.equal(JSON.parse(run.stdout).budgets[0].budget, '333333333.33');
      assert.deepEqual(readdirSync(out).toSorted(), ['budget.csv', 'budget_steps.csv', 'manifest.json']);
      assert.equal(
        readFileSync(join(out, 'budget.csv'), 'utf8'),
        'year,insutype,budget\n2025,310,333333333.33\n2025,390,2000000.00\n',
      );
    }
  });

  test('refuses a plan that is wrong with line and remedy, and says when a year has no budget', async (t) => {
    const wrong = await runCli([
      'budget',
      area(t, { 'budget_plan.yaml': 'plans:\n  - { year: 2025, insutype: 310, way: subtract }\n' }),
      '--year',
      '2025',
    ]);
    assert.equal(wrong.exit, 3);
    assert.match(wrong.stderr, /budget_plan\.yaml，第 2 行，字段 inpatient：扣减法缺少 inpatient.*处理/);
    const none = await runCli(['budget', area(t), '--year', '2024']);
    assert.equal(none.exit, 0);
    assert.match(none.stdout, /没有 2024 年的预算/);
  });

  test('helps in both languages', async () => {
    assert.match((await runCli(['budget', '--help'])).stdout, /协商纪要/);
    assert.match((await runCli(['budget', '--help', '--lang', 'en'])).stdout, /minutes of the talks/);
  });
});

test('the table of rule versions says what was in force on a day and what abolished it', async () => {
  const on2023 = (await runCli(['policy', 'documents', '--date', '2023-06-30'])).stdout;
  assert.match(
    on2023,
    /dip-procedures-2021[\s\S]*医保办发〔2021〕27号，2021，已废止[\s\S]*被废止于 {2}case-payment-procedures-2025/,
  );
  assert.doesNotMatch(on2023, /case-payment-measures-2025 {2}/);
  const on2025 = (await runCli(['policy', 'documents', '--date', '2025-12-31', '--lang', 'en'])).stdout;
  assert.match(on2025, /case-payment-measures-2025 {2}/);
  assert.doesNotMatch(on2025, /dip-procedures-2021/);
  const json = JSON.parse((await runCli(['policy', 'documents', '--json'])).stdout) as {
    id: string;
    status: string;
  }[];
  assert.equal(json.find(({ id }) => id === 'dip-procedures-2021')?.status, 'abolished');
});
