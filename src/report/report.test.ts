import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Engine } from '#engine/duckdb.ts';
import { groupName, readReportData } from './data.ts';
import { openFixture } from './fixture.ts';
import { renderReport } from './report.ts';

const SECTIONS = [
  'overview',
  'money',
  'point-value',
  'institutions',
  'deviation',
  'groups',
  'case-mix',
  'clearing',
  'refused',
  'parameters',
  'reading',
];
const CHARTS = [
  'chart-bill',
  'chart-flow',
  'chart-point-value',
  'chart-gain',
  'chart-deviation',
  'chart-groups',
  'chart-case-mix',
];

/** The report after `change` has been made to the invented result. */
async function reportAfter(change: (engine: Engine) => Promise<void>, options = {}): Promise<string> {
  const engine = await openFixture({ cases: 600, ...options });
  try {
    await change(engine);
    return renderReport(await readReportData(engine), 'zh');
  } finally {
    engine.close();
  }
}
const unchanged = async (): Promise<void> => undefined;
const headings = (report: string): string[] =>
  [...report.matchAll(/<th scope="col" class="number">(.*?)<\/th>/g)].map((match) => match[1]!);

test('the report has every section and every chart with words for those who cannot see it', async () => {
  const report = await reportAfter(unchanged);
  for (const id of SECTIONS) assert.ok(report.includes(`<section id="${id}"`), id);
  for (const id of CHARTS)
    assert.match(report, new RegExp(`<svg class="chart" id="${id}" role="img" aria-label="[^"]{20,}"`));
});

test('the words of the point value chart say what the key figures say', async () => {
  const report = await reportAfter(unchanged);
  const words = /id="chart-point-value" role="img" aria-label="([^"]*)"/.exec(report)![1]!;
  const values = words.match(/(?<=(start of year|settlement) )\d+\.\d{8}/g)!;
  assert.equal(values.length, 4);
  for (const value of values)
    assert.ok(report.includes(`<span class="value">${value}`) || report.includes(`>${value}<`), value);
});

test('every column of numbers names its unit, in Chinese and in English', async () => {
  const heads = headings(await reportAfter(unchanged));
  assert.ok(heads.length > 40);
  for (const head of heads) assert.match(head, /<span class="unit">[^<]+/, head);
});

test('every axis and every card names its unit', async () => {
  const report = await reportAfter(unchanged);
  for (const axis of [
    '金额 Amount（万元 10k yuan）',
    '出院月份 Month of discharge（月 month）',
    '元/分 yuan per point',
    '清算结果－记账基金 Result − fund booked（万元 10k yuan）',
    '费用 ÷ 支付标准 Cost / payment standard（倍 ratio）',
    '清单 Lists（份 lists）',
    '总费用 Cost（万元 10k yuan）',
    '病例 Cases（例 cases）',
    '病例组合指数 CMI（无量纲 no unit）',
    '次均费用 Average cost（元/例 yuan per case）',
  ])
    assert.ok(report.includes(axis), axis);
  const values = [...report.matchAll(/<p class="value">(.*?)<\/p>/g)].map((match) => match[1]!);
  assert.equal(values.length, 24);
  for (const value of values) assert.match(value, /class="unit"/);
});

test('the report needs no network, no script and no other file', async () => {
  const report = (await reportAfter(unchanged)).replaceAll('xmlns="http://www.w3.org/2000/svg"', '');
  assert.doesNotMatch(report, /https?:|<script|<link|<img|@import|@font-face|\ssrc=/i);
  for (const match of report.matchAll(/url\([^)]*\)/g)) assert.match(match[0], /^url\(#/);
});

test('ids are unique and everything that is referred to exists', async () => {
  const report = await reportAfter(unchanged);
  const ids = [...report.matchAll(/\sid="([^"]+)"/g)].map((match) => match[1]!);
  assert.equal(new Set(ids).size, ids.length);
  for (const match of report.matchAll(/(?:url\(|href=")#([^")]+)/g))
    assert.ok(ids.includes(match[1]!), match[1]!);
});

test('the same result gives the same bytes, whatever was drawn before', async () => {
  assert.equal(await reportAfter(unchanged), await reportAfter(unchanged));
});

test('names are text, never markup', async () => {
  const name = `</text><script>alert("1")</script>'&{b}{a|x}`;
  const report = await reportAfter(async (engine) => {
    await engine.run('UPDATE institution SET name = $1', [name]);
    await engine.run('UPDATE code_name SET name = $1', [name]);
    await engine.run('UPDATE refused_result SET reason = $1', [name]);
    await engine.run('UPDATE area_info SET name = $1', [name]);
  });
  assert.doesNotMatch(report, /<script/i);
  assert.ok(report.includes('&lt;script&gt;'));
});

test('English readers get English first', async () => {
  const engine = await openFixture({ cases: 300 });
  const report = renderReport(await readReportData(engine), 'en');
  engine.close();
  assert.match(report, /<html lang="en">/);
  assert.match(report, /Key figures <small lang="zh-CN">关键数字<\/small>/);
});

test('a scheme without lists is told in words and its budget stays in the residual', async () => {
  const report = await reportAfter(async (engine) => {
    for (const table of ['case_result', 'month_result', 'clearing_result'])
      await engine.run(`DELETE FROM ${table} WHERE insutype = '390'`);
    await engine.run(
      `UPDATE point_value_result SET points4 = 0, non_fund_fen = 0, settlement_point_value8 = NULL WHERE insutype = '390'`,
    );
    await engine.run(
      `UPDATE residual_result SET residual_fen = (SELECT budget_fen FROM point_value_result WHERE insutype = '390') WHERE insutype = '390'`,
    );
  });
  assert.match(report, /居民医保没有机构参与清算/);
  assert.match(report, /未分配 Not distributed/);
  assert.doesNotMatch(report, /NaN|Infinity|undefined/);
});

test('a year without any list has words in the place of every chart', async () => {
  const report = await reportAfter(async (engine) => {
    for (const table of ['case_result', 'month_result', 'clearing_result', 'group_result'])
      await engine.run(`DELETE FROM ${table}`);
    await engine.run(
      'UPDATE point_value_result SET points4 = 0, non_fund_fen = 0, settlement_point_value8 = NULL',
    );
    await engine.run('UPDATE residual_result SET residual_fen = 0');
    await engine.run('DELETE FROM refused_result');
    await engine.run('DELETE FROM policy_value');
    await engine.run('DELETE FROM coefficient_result');
  });
  assert.doesNotMatch(report, /<svg/);
  assert.match(report, /没有拒收清单/);
  assert.doesNotMatch(report, /NaN|Infinity|undefined/);
});

test('an area without any budget has a report', async () => {
  const report = await reportAfter(async (engine) => {
    for (const table of [
      'case_result',
      'month_result',
      'clearing_result',
      'residual_result',
      'point_value_result',
    ])
      await engine.run(`DELETE FROM ${table}`);
  });
  assert.match(report, /没有任何险种的预算/);
});

test('one institution, no code names, no thresholds and missing months do no harm', async () => {
  const report = await reportAfter(
    async (engine) => {
      await engine.run(`DELETE FROM month_result WHERE month IN ('2025-02', '2025-07')`);
      await engine.run('DELETE FROM policy_value');
    },
    { institutions: 1, names: false },
  );
  assert.match(report, /没有清单的月份：[^<]*2025-02, 2025-07/);
  assert.match(report, /本地区没有规定/);
  for (const id of CHARTS) assert.ok(report.includes(`id="${id}"`), id);
  assert.doesNotMatch(report, /NaN|Infinity|undefined/);
});

test('negative flows are listed instead of drawn', async () => {
  const report = await reportAfter(async (engine) => {
    await engine.run(
      'UPDATE clearing_result SET assessed_fen = due_fen + 100, assessment_change_fen = 100, audit_deduction_fen = 0, result_fen = due_fen + 100',
    );
    await engine.run(`UPDATE residual_result SET residual_fen =
      (SELECT -count(*) * 100 FROM clearing_result AS c WHERE c.insutype = residual_result.insutype)`);
  });
  assert.match(report, /以下为负数，图中不画/);
});

test('the account of the budget has lines for further steps and quarters only where they are used', async () => {
  assert.doesNotMatch(await reportAfter(unchanged), /其他清算步骤|季度清算/);
  const report = await reportAfter(async (engine) => {
    await engine.run(`UPDATE clearing_result SET other_steps_fen = -1234567, result_fen = result_fen - 1234567,
      quarter_paid_fen = 7654321`);
  });
  assert.match(report, /其他清算步骤/);
  assert.match(report, /其中：季度清算/);
});

test('with many institutions both ends of the gains are shown', async () => {
  const report = await reportAfter(unchanged, { institutions: 60, cases: 6_000 });
  assert.match(report, /盈亏最大的两端各 20 家，共 60 家/);
  assert.match(report, /其他 \d+ 家/);
});

test('the histogram counts every grouped list on the side of its class', async () => {
  const engine = await openFixture({ cases: 2_000 });
  const data = await readReportData(engine);
  const grouped = await engine.row('SELECT count(*) AS n FROM case_result WHERE deviation IS NOT NULL');
  engine.close();
  assert.equal(
    data.bins.reduce((sum, bin) => sum + bin.cases, 0n),
    grouped.n,
  );
  for (const { deviation, bin } of data.bins) {
    if (deviation === 'low') assert.ok(bin < 5n);
    if (deviation === 'normal') assert.ok(bin >= 5n && bin < 20n);
    if (deviation === 'high') assert.ok(bin >= 20n);
  }
});

test('reasons that differ only in the values they quote are counted together', async () => {
  const engine = await openFixture({ cases: 200 });
  const { refused } = await readReportData(engine);
  engine.close();
  assert.deepEqual(
    refused.map((row) => [row.reason, row.lists]),
    [
      ['机构编号（fixmedins_code）“…”不在 institutions.csv 中', 7n],
      ['setl_id "…" stands on several lists', 6n],
      ['结算ID“…”出现在多份清单上，全部拒收', 4n],
    ],
  );
  assert.equal(refused[0]!.first_place, 'settlement_lists/2025.csv:39');
});

test('groups are named after their diagnosis category, procedures and treatment', async () => {
  const engine = await openFixture({ cases: 200 });
  const { groups } = await readReportData(engine);
  engine.close();
  const name = (code: string) => groupName(groups.find((row) => row.group_code === code)!);
  assert.equal(name('K35.9+47.0100'), '急性阑尾炎 · 腹腔镜下阑尾切除术');
  assert.equal(
    name('H25.9+13.4100+13.7100'),
    '老年性白内障 · 白内障晶状体乳化和抽吸 + 眼内人工晶状体置入伴白内障摘出术',
  );
  assert.equal(name('I10'), '特发性高血压');
  assert.equal(name('K35-4'), '急性阑尾炎等 · 手术或介入');
});
