import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { CatalogueIndex, type DipCase, groupCase, groupingProfile } from '#grouping/dip/index.ts';
import { type TestRow, testCatalogue } from '#grouping/dip/testing.ts';
import { fraction, multiply, roundTo, scaledText } from '#kernel/fraction.ts';
import { areaGroups, type KeyHistory } from '#payment/index.ts';
import { loadPolicies, policyChain, policyDateOfYear, resolvePolicy } from '#policy/index.ts';
import { testWithSharedData } from './support/shared-data.ts';

/** A row of dip30_group_tests.csv: one case and its group. */
type Vector = Readonly<
  Record<
    'id' | 'main_dx' | 'other_dx' | 'main_op' | 'related_op' | 'extra' | 'expected_group' | 'layer',
    string
  >
>;

const read = (data: string, name: string) =>
  parse(readFileSync(join(data, 'payment', name), 'utf8'), { columns: true }) as Record<string, string>[];

/** Which kind of group a layer of the vectors is. */
const KINDS: readonly (readonly [prefix: string, kind: string])[] = [
  ['先期', 'pre-group'],
  ['并项', 'merged'],
  ['诊断辅助细分', 'diagnosis-assisted'],
  ['基本', 'core'],
  ['综合', 'comprehensive'],
];
const kindOf = (layer: string): string =>
  KINDS.find(([prefix]) => layer.startsWith(prefix))?.[1] ?? 'ungrouped';

/** What the vectors say in words about operations that count as none. */
const countsAsNone = ({ extra }: Vector): boolean => /conservative/.test(extra);

/** The five weight bands of low birth weight (P07, under 29 days), from the specification. */
const WEIGHT_BANDS = ['<750', '750-999', '1000-1499', '1500-1999', '2000-2499'];

/** A catalogue with the groups the vectors name, all of them together, so that they compete. */
function catalogueRows(vectors: readonly Vector[]): TestRow[] {
  const rows: TestRow[] = [];
  const together = (values: readonly string[]) =>
    [...new Set(values.filter((each) => each !== ''))].join('|');
  const groups = Map.groupBy(vectors, (vector) => vector.expected_group);
  for (const [group_code, own] of groups) {
    const kind = kindOf(own[0]!.layer);
    const base = { group_code, kind, score: '100' };
    const operations = together(
      own.map((each) => {
        const none = countsAsNone(each) ? '' : each.main_op;
        return each.related_op === '' ? none : `${none}+${each.related_op.replaceAll(' ', '')}`;
      }),
    );
    if (kind === 'pre-group' && operations !== '') rows.push({ ...base, operations });
    if (kind === 'merged' || kind === 'core' || kind === 'diagnosis-assisted') {
      const diagnosis = together(own.map((each) => each.main_dx));
      const other_diagnosis = together(own.map((each) => each.other_dx));
      rows.push({ ...base, diagnosis, other_diagnosis, operations });
    }
  }
  // row 3 is the third of the five bands
  const third = Number(
    vectors.find(({ extra }) => extra.includes('1400'))!.expected_group.replace('XQ-', ''),
  );
  for (const [index, birth_weight_g] of WEIGHT_BANDS.entries()) {
    const group_code = `XQ-${third - 2 + index}`;
    rows.push({
      group_code,
      kind: 'pre-group',
      score: '100',
      diagnosis: 'P07',
      age_days: '<29',
      birth_weight_g,
    });
  }
  const categories = new Set(
    vectors
      .filter(({ layer }) => kindOf(layer) === 'comprehensive')
      .map(({ expected_group }) => expected_group.slice(0, -2)),
  );
  for (const category of categories) {
    for (const number of '1234') {
      const group_code = `${category}-${number}`;
      rows.push({ group_code, kind: 'comprehensive', score: '50', diagnosis: category });
    }
  }
  for (const { main_op } of vectors.filter(countsAsNone)) {
    rows.push({ kind: 'no-operation', operations: main_op });
  }
  return rows;
}

/** Attributes of the operations: what the words of the vectors and the classes of their comprehensive groups say. */
function attributes(vectors: readonly Vector[]): Record<string, string> {
  const known: Record<string, string> = {};
  for (const { main_op, related_op, layer, expected_group } of vectors) {
    for (const code of [main_op, related_op.replaceAll(' ', '')].filter((each) => each !== '')) {
      known[code] ??= 'surgery';
    }
    if (kindOf(layer) !== 'comprehensive' || main_op === '') continue;
    const byClass = { '4': 'surgery', '3': 'therapeutic', '2': 'diagnostic' }[expected_group.slice(-1)];
    if (byClass) known[main_op] = byClass;
  }
  return known;
}

function caseOf({ main_dx, other_dx, main_op, related_op, extra }: Vector): DipCase {
  const number = (name: string) => {
    const text = new RegExp(`${name}=(\\d+)`).exec(extra)?.[1];
    return text === undefined ? undefined : Number(text);
  };
  return {
    principalDiagnosis: main_dx,
    otherDiagnoses: other_dx === '' ? [] : [other_dx],
    procedures: [main_op, related_op.replaceAll(' ', '')].filter((code) => code !== ''),
    age_days: number('age_days') ?? (extra.includes('newborn') ? 1 : undefined),
    birth_weight_g: number('birth_weight_g'),
  };
}

const draftProfile = () => {
  const layers = policyChain(loadPolicies(), '000000', 'dip-3.0-draft');
  return groupingProfile(resolvePolicy({ layers, asOf: policyDateOfYear(2026) }));
};

testWithSharedData('the DIP 3.0 vectors: every case goes to its group and layer', async (data) => {
  const vectors = read(data, 'dip30_group_tests.csv') as unknown as Vector[];
  assert.equal(vectors.length, 39);
  const index = new CatalogueIndex(await testCatalogue(catalogueRows(vectors), attributes(vectors)));
  const profile = draftProfile();
  for (const vector of vectors) {
    const grouping = groupCase(caseOf(vector), index, profile);
    const expected = vector.expected_group === '(none)' ? undefined : vector.expected_group;
    assert.equal(grouping.groupCode, expected, `row ${vector.id}: ${JSON.stringify(vector)}`);
    assert.equal(grouping.kind, kindOf(vector.layer), `row ${vector.id}`);
  }
});

/** History of one key: so many lists of one mean cost in the last year. */
const history = (row: Record<string, string>, cases: bigint): KeyHistory => ({
  diagnosis: row.dx!,
  principal: row.op || undefined,
  related: row.related_op ? [row.related_op] : [],
  years: [{ year: 2025, cases, costFen: cases * BigInt(row.avg_cost_yuan || '1') * 100n }],
});

const OPTIONS = {
  threshold: { cases: 15n },
  relatedIncrease: fraction(1n, 10n),
  comprehensiveCases: 1n,
  weights: new Map([[2025, 1n]]),
  meanScore: fraction(1000n),
  classOf: (principal: string | undefined) => (principal === undefined ? ('1' as const) : ('4' as const)),
  primaryCareGroups: new Set<string>(),
};

testWithSharedData(
  'the tables of the DIP 3.0 draft: core groups, related operations, comprehensive groups',
  (data) => {
    const rows = read(data, 'dip30_spec_examples.csv');
    const keyOf = (row: Record<string, string>) => [row.dx!, row.op!].filter((part) => part !== '').join('+');
    const table = (name: string) => rows.filter((row) => row.table === name);

    const appendicitis = areaGroups(
      table('3-2').map((row) => history(row, BigInt(row.cases!))),
      OPTIONS,
    )!;
    assert.deepEqual(
      appendicitis.groups.map(({ entry, cases }) => [entry.groupCode, String(cases), entry.meanFen]),
      table('3-2')
        .map((row) => [keyOf(row), row.cases!, BigInt(row.avg_cost_yuan!) * 100n])
        .toSorted(([a], [b]) => (String(a) < String(b) ? -1 : 1)),
    );

    const stent = areaGroups(
      table('3-3').map((row) => history(row, 100n)),
      OPTIONS,
    )!;
    for (const row of table('3-3').filter(({ related_op }) => related_op !== '')) {
      const decision = stent.related.find(({ related }) => related[0] === row.related_op)!;
      const percent = scaledText(roundTo(multiply(decision.increase!, fraction(100n)), 2), 2);
      assert.equal(percent, row.increase_pct, row.related_op!);
      assert.equal(decision.verdict === 'kept', row.kept === '是', row.related_op!);
    }
    assert.equal(stent.groups.length, 2);

    const endometrium = areaGroups(
      table('3-1').map((row) => {
        // the table gives no costs: the related operation raises them, or its lists would count for the smaller group
        const avg_cost_yuan = row.related_op ? '26000' : '20000';
        return history({ ...row, avg_cost_yuan }, BigInt(row.cases!));
      }),
      OPTIONS,
    )!;
    assert.deepEqual(
      endometrium.groups.map(({ entry, cases }) => [entry.groupCode, cases]),
      [['C54-4', 45n]],
    );

    const primaryCare = table('3-10').map(keyOf);
    const grassroots = areaGroups(
      table('3-10').map((row) => history({ ...row, avg_cost_yuan: '3000' }, 20n)),
      { ...OPTIONS, primaryCareGroups: new Set(primaryCare) },
    )!;
    assert.deepEqual(
      grassroots.groups.map(({ entry }) => [entry.groupCode, entry.kind]),
      primaryCare.toSorted().map((code) => [code, 'primary-care']),
    );
  },
);
