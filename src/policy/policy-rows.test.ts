import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Engine } from '#engine/duckdb.ts';
import { resolveArea } from '#policy/area.ts';
import { policyDateOfYear } from '#policy/dates.ts';
import { loadPolicyRows } from '#policy/policy-rows.ts';
import { resolvePolicy } from '#policy/resolve.ts';

test('the policy in force becomes rows that SQL reads as integers', async (t) => {
  const { layers } = resolveArea('990100');
  const policy = resolvePolicy({ layers, asOf: policyDateOfYear(2025) });
  const engine = await Engine.open({ threads: 1, memoryLimitMib: 256 });
  t.after(() => engine.close());
  await loadPolicyRows(engine, policy);
  await loadPolicyRows(engine, policy); // a second load replaces the first

  const values = await engine.rows('SELECT * FROM policy_value ORDER BY parameter');
  assert.equal(values.length, policy.sources.length);
  const row = (parameter: string) => ({ ...values.find((value) => value.parameter === parameter) });
  assert.deepEqual(row('payment.monthly_ratio'), {
    parameter: 'payment.monthly_ratio',
    unit: 'ratio',
    value: '0.95',
    scaled: 9500n,
    layer: 'city',
    area: '990100',
    document: 'demo-city-2024',
    article: '第四条',
    effective_from: '2025-01-01',
    title_zh: '月预结算支付比例',
    title_en: 'share paid in the monthly interim settlement',
    document_title_zh: row('payment.monthly_ratio').document_title_zh,
    document_title_en: row('payment.monthly_ratio').document_title_en,
  });
  assert.equal(row('catalogue.core_threshold').scaled, 15n);
  assert.equal(row('coefficient.primary_care').scaled, 10000n);
  assert.equal(row('comprehensive.class.surgery').value, '4');
  assert.deepEqual([row('score.year_weights').value, row('score.year_weights').scaled], ['1:2:7', null]);

  const weights = await engine.rows(
    'SELECT years_before, weight FROM policy_year_weight ORDER BY years_before',
  );
  assert.deepEqual(
    weights.map((weight) => [weight.years_before, weight.weight]),
    [
      [1, 7n],
      [2, 2n],
      [3, 1n],
    ],
  );
});
