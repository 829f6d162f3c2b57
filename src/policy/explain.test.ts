import assert from 'node:assert/strict';
import { test } from 'node:test';
import { renderProblem } from '#kernel/errors.ts';
import { resolveArea } from '#policy/area.ts';
import { parsePolicyDate } from '#policy/dates.ts';
import { diffPolicies, policyChangesWithin } from '#policy/diff.ts';
import { explainParameter } from '#policy/explain.ts';
import { loadPolicies } from '#policy/load.ts';
import { renderDiff, renderExplanation } from '#policy/render.ts';
import { problemsOf, refusals } from '#policy/testing.ts';

const policies = loadPolicies();
const { layers } = resolveArea('990100', policies);
const explain = (parameter: string, date: string) =>
  explainParameter({ layers, parameter, asOf: parsePolicyDate(date) });
const diff = (from: string, to: string) =>
  diffPolicies({ layers, from: parsePolicyDate(from), to: parsePolicyDate(to) });

test('an explanation shows what every layer says and which one holds', () => {
  const { value, steps } = explain('payment.monthly_ratio', '2024-08-01');
  assert.equal(value, '0.92');
  assert.deepEqual(
    steps.map(({ layer, area, state, statement }) => [layer, area, state, statement?.value]),
    [
      ['national', '000000', 'overridden', '0.95'],
      ['province', '990000', 'overridden', '0.9'],
      ['city', '990100', 'in-force', '0.92'],
    ],
  );
  assert.deepEqual(
    explain('payment.monthly_ratio', '2025-01-01').steps.map((step) => step.state),
    ['overridden', 'ended', 'in-force'],
  );
  assert.deepEqual(
    explain('ungrouped.ratio', '2025-01-01').steps.map((step) => step.state),
    ['in-force', 'silent', 'silent'],
  );
  assert.equal(explain('ungrouped.ratio', '2019-12-31').value, null);
});

test('an explanation in Chinese names value, layer, document, article, basis, note and place', () => {
  const text = renderExplanation(explain('payment.monthly_ratio', '2025-03-01'), 'zh');
  for (const part of [
    '值  0.95  [比例]',
    '层级  市 990100 演示市（虚构）',
    '《演示市月预结算办法（虚构）》（演示医保〔2024〕5号（虚构），2024-06-15，虚构）第四条',
    '  省 990000 演示省（虚构）  —  已终止，由外层接替',
    '参见  《按病种付费医疗保障经办管理规程（2025版）》（2025，正式）第二十六条',
    '依据性质  本方案的选择',
    '文件晚于生效日',
    'policies/demo/990100-city.yaml:19',
  ]) {
    assert.ok(text.includes(part), `${part}\n${text}`);
  }
  assert.equal(text.match(/文件晚于生效日/g)?.length, 1, 'only the profile is later than its value');
});

test('an explanation in English says the same', () => {
  const text = renderExplanation(explain('payment.monthly_ratio', '2025-03-01'), 'en');
  for (const part of [
    'value  0.95  [ratio]',
    'layer  city 990100',
    'Monthly settlement rules of the demo city (invented)',
    'ended, the outer layer holds',
    'basis  choice of this profile',
    'policies/demo/990100-city.yaml:19',
  ]) {
    assert.ok(text.includes(part), `${part}\n${text}`);
  }
  const none = renderExplanation(explain('ungrouped.ratio', '2019-12-31'), 'en');
  assert.match(none, /value {2}no value in force/);
});

test('explanations and diffs are plain data', () => {
  for (const data of [explain('score.year_weights', '2025-01-01'), diff('2023-01-01', '2026-01-01')]) {
    assert.deepEqual(JSON.parse(JSON.stringify(data)), data);
  }
});

test('an unknown parameter is answered with the names near it', () => {
  const near = (name: string) =>
    problemsOf(() => explain(name, '2025-01-01')).map((problem) => renderProblem(problem, 'en'))[0] ?? '';
  assert.match(near('payment.montly_ratio'), /near it: payment\.monthly_ratio/);
  assert.match(near('montly'), /near it: .*payment\.monthly_ratio/);
  assert.match(near('high'), /near it: deviation\.high_/);
  assert.equal(problemsOf(() => explain('x', '2025-01-01'))[0]?.definition.exit, 2);
});

test('a date on the command line is refused when it is none', () => {
  for (const wrong of ['2025-2-1', '2025-02-30', 'today', '20250101']) {
    assert.deepEqual(
      refusals(() => parsePolicyDate(wrong)),
      ['policy.wrong-date-asked -:-'],
    );
  }
});

/** The changes of one parameter: others, such as the deadlines of the clearing, have their own history. */
const ratioChanges = (from: string, to: string) =>
  diff(from, to).changes.filter(({ parameter }) => parameter === 'payment.monthly_ratio');

test('a diff lists every change after the first date up to the second, with both sources', () => {
  assert.deepEqual(
    ratioChanges('2023-01-01', '2025-01-01').map(({ date, parameter, kind, before, after }) => [
      date,
      parameter,
      kind,
      `${before?.layer} ${before?.value}`,
      `${after?.layer} ${after?.value}`,
    ]),
    [
      ['2024-03-01', 'payment.monthly_ratio', 'value', 'national 0.95', 'province 0.9'],
      ['2024-07-01', 'payment.monthly_ratio', 'value', 'province 0.9', 'city 0.92'],
      ['2025-01-01', 'payment.monthly_ratio', 'value', 'city 0.92', 'city 0.95'],
    ],
  );
  assert.equal(diff('2024-03-01', '2024-06-30').changes.length, 0);
  assert.equal(ratioChanges('2025-01-01', '2030-12-31').length, 0);
});

test('a diff reaches from no value to the first one', () => {
  const { changes } = diff('2019-12-31', '2020-01-01');
  assert.ok(changes.length > 10 && changes.every((change) => change.before === null && change.after));
});

test('a new source for the same number is a change of its source', () => {
  const elsewhere = layers.filter((layer) => layer.layer !== 'province');
  const found = diffPolicies({
    layers: elsewhere.map((layer) => ({
      ...layer,
      values: layer.values.filter((value) => value.effectiveFrom.toString() !== '2024-07-01'),
    })),
    from: parsePolicyDate('2024-01-01'),
    to: parsePolicyDate('2025-12-31'),
  });
  assert.deepEqual(
    found.changes
      .filter(({ parameter }) => parameter === 'payment.monthly_ratio')
      .map(({ date, kind }) => [date, kind]),
    [['2025-01-01', 'source']],
  );
  assert.match(renderDiff(found, 'zh'), /0\.95（数值不变，来源变化）/);
});

test('a diff is written in both languages, also when nothing changes', () => {
  const changed = diff('2024-03-01', '2024-12-31');
  assert.match(
    renderDiff(changed, 'zh'),
    /变化 1 处：\n\n2024-07-01 {2}payment\.monthly_ratio {2}月预结算支付比例 \[比例\]\n {4}0\.9 → 0\.92/,
  );
  assert.match(renderDiff(changed, 'en'), /changes: 1\n[\s\S]*before {2}province 990000/);
  assert.equal(renderDiff(diff('2022-01-01', '2022-12-31'), 'zh'), '2022-01-01 至 2022-12-31没有变化。\n');
});

test('reversed dates are refused', () => {
  assert.deepEqual(
    refusals(() => diff('2025-01-02', '2025-01-01')),
    ['policy.dates-reversed -:-'],
  );
});

test('a change on the first of January is the year’s own policy, a later one deserves a warning', () => {
  const within = (year: number) => policyChangesWithin(layers, year).map((change) => change.date);
  assert.deepEqual([within(2023), within(2024), within(2025)], [[], ['2024-03-01', '2024-07-01'], []]);
});
