import assert from 'node:assert/strict';
import { appendFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { parse } from 'csv-parse/sync';
import { Engine } from '#engine/duckdb.ts';
import { runScript, sourceFile } from '#engine/sql-file.ts';
import { openScheme } from '#grouping/drg/index.ts';
import { YibaoError } from '#kernel/errors.ts';
import { fraction, multiply, parseDecimal, roundTo, scaledText, subtract } from '#kernel/fraction.ts';
import { parseYuan, yuanText } from '#kernel/money.ts';
import {
  bedDayPoints4,
  incompletePoints4,
  paymentStandardFen,
  readmittedPoints4,
  tcmShare,
} from '#payment/adjustment/one-case.ts';
import { explainCase, renderCaseExplanation, settlementWarnings, settleYear } from '#payment/index.ts';
import { scoreGroupedCase } from '#payment/points/score-case.ts';
import { diseaseScore4 } from '#payment/points/weighted-mean.ts';
import { specialCaseQuota } from '#payment/review/quota.ts';
import { DRG_YEAR, type DrgArea, randomDrgArea, scoreDrgArea } from './support/drg-area.ts';
import { writeDrgScheme } from './support/drg-scheme.ts';
import { REFERENCE_POINTS } from './support/oracle.ts';
import { settleToFiles } from './support/settle-files.ts';
import { testWithSharedData } from './support/shared-data.ts';
import { writeArea } from './support/write-area.ts';

const SEEDS = Array.from(
  { length: Number(process.env.YIBAO_RANDOM_AREAS ?? 4) },
  (_, index) => 31 + index * 17,
);
type CsvRow = Readonly<Record<string, string>>;
const rows = (text: string): CsvRow[] => parse(text, { columns: true });

/** Writes the area under the DRG profile, with further files and values of parameters, and removes it afterwards. */
async function inArea<T>(
  area: DrgArea,
  { files = {}, overrides = {}, split = 1 }: Settings,
  use: (folder: string) => Promise<T>,
): Promise<T> {
  const folder = writeArea(area, split, 'drg-reference');
  try {
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
    const lines = Object.entries(overrides).map(
      ([parameter, [unit, value]]) =>
        `  ${parameter}:\n    unit: ${unit}\n    values:\n      2022-01-01: {value: "${value}", from: local, article: 第一条}\n`,
    );
    if (lines.length > 0) {
      appendFileSync(
        join(folder, 'area.yaml'),
        `documents:\n  local: 随机市 DRG 办法\noverrides:\n${lines.join('')}`,
      );
    }
    return await use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
type Settings = {
  readonly files?: Readonly<Record<string, string>>;
  /** unit and value by parameter */
  readonly overrides?: Readonly<Record<string, readonly [string, string]>>;
  readonly split?: number;
};
const settle = (area: DrgArea, settings: Settings = {}) =>
  inArea(area, settings, (folder) => settleToFiles(folder, DRG_YEAR));

async function refusal(area: DrgArea, settings: Settings): Promise<YibaoError> {
  try {
    await settle(area, settings);
  } catch (error) {
    if (error instanceof YibaoError) return error;
    throw error;
  }
  throw new Error('it was not refused');
}
const refused = ({ problems }: YibaoError): string[] =>
  problems.map(
    ({ definition, file, row }) => `${definition.code} ${file}${row === undefined ? '' : `:${row}`}`,
  );

const ofYear = (area: DrgArea) => area.lists.filter((list) => list.dscg_time.startsWith(String(DRG_YEAR)));

describe('a DRG year in SQL is what the plain interpreter and the one-case rules say', () => {
  for (const seed of SEEDS) {
    test(`random area ${seed}`, async () => {
      const area = randomDrgArea(seed);
      const files = await settle(area, { split: 1 + (seed % 3) });
      const expected = scoreDrgArea(area);
      assert.equal(files['groups.csv'], expected.groups);
      assert.equal(files['cases.csv'], expected.cases);
      assert.deepEqual(
        rows(files['adjustments.csv']!).map(({ setl_id, adjustment, points_before, points_after }) =>
          [setl_id, adjustment, points_before, points_after].join(','),
        ),
        expected.adjusted,
      );
      assert.ok(expected.adjusted.length > 0);
      conserved(files);
    });
  }
});

function conserved(files: Record<string, string>): void {
  const clearing = rows(files['clearing.csv']!);
  for (const { insutype, budget } of rows(files['point_values.csv']!)) {
    const sum = (field: string) =>
      clearing
        .filter((row) => row.insutype === insutype)
        .reduce((all, row) => all + parseYuan(row[field]!)!, 0n);
    const residual = rows(files['residual.csv']!).find((row) => row.insutype === insutype)!.residual!;
    assert.equal(yuanText(sum('due')), budget);
    assert.equal(yuanText(sum('result') + parseYuan(residual)!), budget);
  }
}

test('groups whose costs vary too much have no score where the policy says so, and are named', async () => {
  const area = randomDrgArea(47);
  const MAXIMUM_CV = 0.8;
  const cvOf = (costs: readonly bigint[]): number => {
    const mean = costs.reduce((sum, cost) => sum + Number(cost), 0) / costs.length;
    const squares = costs.reduce((sum, cost) => sum + (Number(cost) - mean) ** 2, 0);
    return costs.length < 2 ? 0 : Math.sqrt(squares / (costs.length - 1)) / mean;
  };
  const expected = scoreDrgArea(area, (costs) => cvOf(costs) <= MAXIMUM_CV);
  const overrides = {
    'catalogue.stability': ['choice', 'cv'],
    'catalogue.maximum_cv': ['ratio', String(MAXIMUM_CV)],
  } as const;
  await inArea(area, { overrides }, async (folder) => {
    const files = await settleToFiles(folder, DRG_YEAR);
    assert.equal(files['groups.csv'], expected.groups);
    assert.equal(files['cases.csv'], expected.cases);
    conserved(files);
    const unstable: { group_code: string; cv: string }[] = JSON.parse(
      files['manifest.json']!,
    ).unstable_groups;
    assert.ok(unstable.length > 0);
    assert.ok(unstable.every(({ cv }) => Number(cv) >= MAXIMUM_CV));
    const stable = rows(files['groups.csv']!).map((row) => row.group_code);
    assert.ok(stable.length > 0);
    assert.ok(!unstable.some(({ group_code }) => stable.includes(group_code)));
    // a case of such a group is explained as ungrouped, with the reason
    const ungrouped = rows(files['cases.csv']!).filter((row) => row.group_code === '');
    const named: string[] = [];
    for (const { setl_id, points } of ungrouped.slice(0, 10)) {
      const engine = await Engine.open();
      try {
        const options = { areaFolder: folder, year: DRG_YEAR, keepList: setl_id! };
        const explanation = await explainCase(engine, await settleYear(engine, options), setl_id!);
        assert.equal(explanation.points, points);
        if (explanation.drg!.unstable_cv !== undefined) {
          named.push(explanation.drg!.drg);
          assert.match(renderCaseExplanation(explanation, 'en'), /no score: .* catalogue\.maximum_cv/);
        }
      } finally {
        engine.close();
      }
    }
    assert.ok(named.length > 0);
    assert.ok(named.every((code) => unstable.some(({ group_code }) => group_code === code)));
  });
  const withoutLimit = await refusal(area, { overrides: { 'catalogue.stability': ['choice', 'cv'] } });
  assert.deepEqual(
    withoutLimit.problems.map(({ definition, field }) => [definition.code, field]),
    [['policy.missing-value', 'catalogue.maximum_cv']],
  );
});

test('neither the order nor the split of the lists matters', async () => {
  const area = randomDrgArea(5);
  const first = await settle(area);
  const other = await settle({ ...area, lists: area.lists.toReversed() }, { split: 4 });
  for (const name of Object.keys(first).filter((each) => each !== 'manifest.json')) {
    assert.equal(other[name], first[name], name);
  }
});

test('employee and resident never mix: other resident lists of the year leave every employee figure as it is', async () => {
  const area = randomDrgArea(8);
  const changed = {
    ...area,
    lists: area.lists.map((list) =>
      list.insutype === '390' && list.dscg_time.startsWith(String(DRG_YEAR))
        ? { ...list, medfee_sumamt: '99999.99', fund_pay_sumamt: '0.00', psn_no: 'P1' }
        : list,
    ),
  };
  const [before, after] = [await settle(area), await settle(changed)];
  for (const name of [
    'clearing.csv',
    'monthly.csv',
    'point_values.csv',
    'residual.csv',
    'cases.csv',
    'adjustments.csv',
  ]) {
    const employees = (files: Record<string, string>) =>
      rows(files[name]!).filter((row) => row.insutype === '310');
    assert.deepEqual(employees(after), employees(before), name);
    assert.ok(employees(before).length > 0, name);
  }
});

test('every list can be explained, with the numbers of the run', async () => {
  const area = randomDrgArea(12);
  await inArea(area, {}, async (folder) => {
    for (const list of ofYear(area).filter((_, index) => index % 12 === 0)) {
      const engine = await Engine.open();
      try {
        const options = { areaFolder: folder, year: DRG_YEAR, keepList: list.setl_id };
        const explanation = await explainCase(engine, await settleYear(engine, options), list.setl_id);
        const row = await engine.row(
          'SELECT points_text(points4) AS points, group_code FROM case_result WHERE setl_id = ?',
          [list.setl_id],
        );
        assert.equal(explanation.points, row.points);
        assert.equal(explanation.group?.group_code ?? null, row.group_code);
        assert.equal(explanation.drg!.diagnoses.join('|'), list.diagnoses);
      } finally {
        engine.close();
      }
    }
  });
});

test('of a high outlier the cost above the limit can be paid beside its normal points', async () => {
  const area = randomDrgArea(12);
  const overrides = {
    'adjustment.steps': ['steps', 'outlier-cost'],
    'outlier_cost.deviations': ['steps', 'high'],
  } as const;
  await inArea(area, { overrides }, async (folder) => {
    const files = await settleToFiles(folder, DRG_YEAR);
    const high = rows(files['cases.csv']!).filter((row) => row.deviation === 'high');
    assert.ok(high.length > 0);
    const setlId = high[0]!.setl_id!;
    const engine = await Engine.open();
    try {
      const settlement = await settleYear(engine, { areaFolder: folder, year: DRG_YEAR, keepList: setlId });
      const explanation = await explainCase(engine, settlement, setlId);
      const [step] = explanation.adjustments!;
      // limit 3 × mean cost: the excess is the cost above it
      const limit = multiply(parseDecimal(explanation.group!.mean!.mean)!, fraction(3n));
      const cost = parseDecimal(explanation.list.cost)!;
      assert.equal(
        scaledText(roundTo(subtract(cost, limit), 1), 1),
        scaledText(roundTo(parseDecimal(step!.amount!)!, 1), 1),
      );
      const normal = multiply(
        parseDecimal(explanation.group!.score)!,
        parseDecimal(explanation.coefficient!.value)!,
      );
      assert.equal(step!.beside, scaledText(roundTo(normal, 4), 4));
      assert.equal(explanation.points, high[0]!.points);
    } finally {
      engine.close();
    }
  });
});

test('a stay of the closed year before is never changed by a return in the payment year', async () => {
  const area = randomDrgArea(21);
  const grouped = new Set(
    rows((await settle(area))['cases.csv']!).flatMap((row) => (row.group_code ? [row.setl_id] : [])),
  );
  const like = ofYear(area).find(
    ({ setl_id, diagnoses }) => grouped.has(setl_id) && !diagnoses.startsWith('Z51'),
  )!;
  const stay = (setlId: string, person: string, from: string, to: string): DrgArea['lists'][number] => ({
    ...like,
    setl_id: setlId,
    psn_no: person,
    adm_time: from,
    dscg_time: to,
    dscg_way: '1',
  });
  const withBefore = (person: string) =>
    settle(
      {
        ...area,
        lists: [
          ...area.lists,
          stay('TURN-A', person, '2024-12-20', '2024-12-28'),
          stay('TURN-B', 'PX', '2025-01-05', '2025-01-10'),
          stay('TURN-C', 'PX', '2025-01-15', '2025-01-20'),
        ],
      },
      { overrides: { 'adjustment.steps': ['steps', 'readmission'] } },
    );
  const same = await withBefore('PX');
  const readmitted = rows(same['adjustments.csv']!).filter((row) => row.setl_id!.startsWith('TURN'));
  // within the year the earlier stay keeps half of its points
  assert.deepEqual(
    readmitted.map(({ setl_id, adjustment, reference }) => [setl_id, adjustment, reference]),
    [['TURN-B', 'readmission', 'TURN-C']],
  );
  // across the turn of the year nothing: whether the stay of December was of this person makes no difference
  const other = await withBefore('PY');
  for (const name of Object.keys(same).filter((each) => each !== 'manifest.json')) {
    assert.equal(other[name], same[name], name);
  }
});

describe('what the area says of groups and cases', () => {
  const area = randomDrgArea(21);
  const codes = [...openScheme('drg-teaching').scheme.groups.keys()];
  const table = { 'score.source': ['choice', 'table'], 'score.missing': ['choice', 'refuse'] } as const;
  const first = ofYear(area)[0]!;
  const second = ofYear(area)[1]!;

  test('weights of a table by level: points are weight × 1000 × coefficient', async () => {
    const files = await settle(area, {
      overrides: table,
      files: {
        'weights.csv': `group_code,level,weight\n${codes.map((code) => `${code},,1.5\n${code},1,0.75`).join('\n')}\n`,
      },
    });
    const coefficient = new Map(rows(files['coefficients.csv']!).map((row) => [row.level, row.coefficient!]));
    const level = new Map(area.institutions.map((row) => [row.fixmedins_code, row.level]));
    const normal = rows(files['cases.csv']!).filter((row) => row.deviation === 'normal');
    const untouched = new Set(rows(files['adjustments.csv']!).map((row) => row.setl_id));
    for (const row of normal.filter(({ setl_id }) => !untouched.has(setl_id))) {
      const at = level.get(row.fixmedins_code!)!;
      const points4 = roundTo(parseDecimal(coefficient.get(String(at))!)!, 4) * (at === 1 ? 750n : 1500n);
      assert.equal(row.points, scaledText(points4, 4));
    }
    assert.ok(rows(files['groups.csv']!).every((row) => row.score === '1500.0000'));
    conserved(files);
  });

  test('groups without a weight are refused all together, or leave their cases ungrouped and are named', async () => {
    const [kept, ...lost] = [
      ...new Set(rows((await settle(area))['groups.csv']!).map((row) => row.group_code!)),
    ];
    const weights = { 'weights.csv': `group_code,weight\n${kept},1\n` };
    const error = await refusal(area, { overrides: table, files: weights });
    const named = error.problems.map(({ definition, value }) => `${definition.code} ${value}`);
    for (const code of lost) assert.ok(named.includes(`area.weights-missing ${code}`), code);
    const overrides = { ...table, 'score.missing': ['choice', 'ungrouped'] } as const;
    const files = await settle(area, { overrides, files: weights });
    assert.deepEqual(
      rows(files['groups.csv']!).map((row) => row.group_code),
      [kept],
    );
    const manifest = JSON.parse(files['manifest.json']!);
    assert.ok(
      manifest.groups_without_weight.some((row: { group_code: string }) => row.group_code === lost[0]),
    );
    assert.equal(manifest.drg_scheme.name, 'drg-teaching');
    assert.match(manifest.drg_scheme.sha256, /^[0-9a-f]{64}$/);
  });

  test('bed-day standards step down with the length of the stay: the whole stay has the standard of its row', async () => {
    const files = await settle(area, {
      overrides: { 'adjustment.steps': ['steps', 'bed-day'] },
      files: {
        'bed_days.csv':
          'class,diagnosis,level,fixmedins_code,minimum_stay,points_per_day,yuan_per_day\n短,,,,5,40,\n中,,,,10,30,\n长,,,,16,20.5,\n',
      },
    });
    const stayOf = (list: DrgArea['lists'][number]) =>
      Math.max(Temporal.PlainDate.from(list.adm_time).until(list.dscg_time, { largestUnit: 'days' }).days, 1);
    const points4 = (stay: number) =>
      BigInt(stay) * (stay >= 16 ? 205_000n : stay >= 10 ? 300_000n : 400_000n);
    const long = ofYear(area).filter((list) => stayOf(list) >= 5);
    for (const least of [5, 10, 16]) assert.ok(long.some((list) => stayOf(list) >= least));
    assert.deepEqual(
      new Map(rows(files['adjustments.csv']!).map((row) => [row.setl_id, row.points_after])),
      new Map(long.map((list) => [list.setl_id, scaledText(points4(stayOf(list)), 4)])),
    );
    conserved(files);
  });

  test('groups that the scheme does not have are named with file, line and column, and change nothing else', async () => {
    const good = `group_code,weight\n${codes.map((code) => `${code},1`).join('\n')}\n`;
    const [first, second] = codes as [string, string];
    const tcm = `group_code,minimum_stay,fallback_group\n${first},1,${second}\n`;
    const plain = await settle(area, {
      overrides: table,
      files: { 'weights.csv': good, 'tcm_groups.csv': tcm },
    });
    assert.equal(JSON.parse(plain['manifest.json']!).groups_not_in_scheme, undefined);
    const files = {
      'weights.csv': `${good}${first}X,9\n${second.slice(0, 3)},1\n`,
      'tcm_groups.csv': `${tcm}NO11,1,NO15\n`,
    };
    await inArea(area, { overrides: table, files }, async (folder) => {
      const result = await settleToFiles(folder, DRG_YEAR);
      const at = codes.length + 2;
      assert.deepEqual(JSON.parse(result['manifest.json']!).groups_not_in_scheme, [
        { file: 'weights.csv', row: at, field: 'group_code', value: `${first}X` },
        { file: 'weights.csv', row: at + 1, field: 'group_code', value: second.slice(0, 3) },
        { file: 'tcm_groups.csv', row: 3, field: 'group_code', value: 'NO11' },
        { file: 'tcm_groups.csv', row: 3, field: 'fallback_group', value: 'NO15' },
      ]);
      for (const name of Object.keys(plain).filter((each) => each !== 'manifest.json')) {
        assert.equal(result[name], plain[name], name);
      }
      const engine = await Engine.open();
      try {
        const settlement = await settleYear(engine, { areaFolder: folder, year: DRG_YEAR });
        const warnings = (await settlementWarnings(engine, settlement)).map(({ en }) => en);
        assert.ok(
          warnings.some((text) =>
            text.startsWith(
              `weights.csv line ${at} group_code: scheme drg-teaching has no group "${first}X"`,
            ),
          ),
        );
        assert.equal(warnings.filter((text) => text.includes('has no group')).length, 4);
      } finally {
        engine.close();
      }
    });
  });

  test('a reviewed case gets its amount in points, an add-on comes on top where the policy says so, and both are in adjustments.csv', async () => {
    const files = await settle(area, {
      overrides: { 'review.add_ons': ['choice', 'on-top'] },
      files: {
        'special_cases.csv': `setl_id,decision,amount,points,reason\n${first.setl_id},amount,50000,,多学科会诊\n${second.setl_id},rejected,,,\n`,
        'add_ons.csv': `setl_id,item,amount,points,reason\n${first.setl_id},国谈药品,,12.5,\n`,
      },
    });
    const pointValue = roundTo(parseDecimal(rows(files['point_values.csv']!)[0]!.start_point_value!)!, 8);
    const granted = (50_000_00n * 10_000_000_000n * 2n + pointValue) / (pointValue * 2n);
    const own = rows(files['adjustments.csv']!)
      .filter((row) => row.setl_id === first.setl_id)
      .slice(-2);
    assert.deepEqual(
      own.map(({ adjustment, points_after }) => [adjustment, points_after]),
      [
        ['special-case', scaledText(granted, 4)],
        ['add-on', scaledText(granted + 125_000n, 4)],
      ],
    );
    assert.ok(
      !rows(files['adjustments.csv']!).some(
        ({ setl_id, adjustment }) => setl_id === second.setl_id && adjustment === 'special-case',
      ),
    );
    conserved(files);
  });

  test('more special cases than the quota, and cases that take no part, are refused with their lines', async () => {
    const passed = ofYear(area).map(({ setl_id }) => `${setl_id},cost,,,`);
    const header = 'setl_id,decision,amount,points,reason\n';
    const over = await refusal(area, { files: { 'special_cases.csv': `${header}${passed.join('\n')}\n` } });
    assert.deepEqual(refused(over), ['review.too-many-special-cases special_cases.csv']);
    assert.equal(over.problems[0]!.parameters!.quota, String(Math.floor(ofYear(area).length / 20)));
    const unknown = await refusal(area, {
      files: {
        'special_cases.csv': `${header}NOBODY,cost,,,\n`,
        'add_ons.csv': 'setl_id,item,amount,points,reason\nNEVER,x,,1,\n',
      },
    });
    assert.deepEqual(refused(unknown), [
      'area.unknown-case special_cases.csv:2',
      'area.unknown-case add_ons.csv:2',
    ]);
  });

  test('a row that says two things, or nothing, is refused with its line', async () => {
    const error = await refusal(area, {
      files: {
        'special_cases.csv': `setl_id,decision,amount,points,reason\n${first.setl_id},cost,1,,\n`,
        'add_ons.csv': `setl_id,item,amount,points,reason\n${first.setl_id},x,1,1,\n`,
        'bed_days.csv':
          'class,diagnosis,level,fixmedins_code,minimum_stay,points_per_day,yuan_per_day\n精神,F20,4,,1,1,\n',
        'weights.csv': 'group_code,weight\nEX19,0\n',
      },
    });
    assert.deepEqual(refused(error).toSorted(), [
      'area.amount-or-points add_ons.csv:2',
      'area.bad-value bed_days.csv:2',
      'area.bad-value weights.csv:2',
      'area.decision-needs special_cases.csv:2',
    ]);
  });

  test('a file that no step of the policy reads is refused instead of being lost', async () => {
    const overrides = { 'adjustment.steps': ['steps', 'readmission'] } as const;
    const error = await refusal(area, {
      overrides,
      files: {
        'bed_days.csv': 'class,diagnosis,level,fixmedins_code,minimum_stay,points_per_day,yuan_per_day\n',
      },
    });
    assert.deepEqual(refused(error), ['area.table-not-used bed_days.csv']);
    const weights = await refusal(area, { files: { 'weights.csv': 'group_code,weight\nEX19,1\n' } });
    assert.deepEqual(refused(weights), ['area.table-not-used weights.csv']);
  });

  test('excluded items leave cost and fund, change no other list, and are paid apart', async () => {
    const cost = parseYuan(first.medfee_sumamt)!;
    const fund = parseYuan(first.fund_pay_sumamt)!;
    const half = cost / 2n;
    // as much of the item from the fund as is needed for the rest to fit
    const fundPart = fund > cost - half ? fund - (cost - half) : 0n;
    const amount = yuanText(half);
    const row = `${first.setl_id},PET-CT,${amount},${yuanText(fundPart)}`;
    const plain = await settle(area);
    const files = await settle(area, {
      files: { 'excluded_items.csv': `setl_id,item,amount,fund_amount\n${row}\n` },
    });
    assert.deepEqual(
      rows(files['paid_apart.csv']!).map((each) => [each.fixmedins_code, each.item, each.amount, each.fund]),
      [[first.fixmedins_code, 'PET-CT', amount, yuanText(fundPart)]],
    );
    const nonFund = (of: Record<string, string>) =>
      parseYuan(rows(of['point_values.csv']!).find((each) => each.insutype === first.insutype)!.non_fund!)!;
    assert.equal(nonFund(plain) - nonFund(files), half - fundPart);
    conserved(files);
    const error = await refusal(area, {
      files: {
        'excluded_items.csv': `setl_id,item,amount,fund_amount\n${first.setl_id},x,${yuanText(cost)},0\nNO,x,1,0\n`,
      },
    });
    assert.deepEqual(refused(error), [
      'area.unknown-case excluded_items.csv:3',
      'area.excluded-above-cost excluded_items.csv:2',
    ]);
  });

  test('high limits by bands of the score and by percentile of the history', async () => {
    const plain = await settle(area, { overrides: { 'adjustment.steps': ['steps', 'special-case'] } });
    const high = (files: Record<string, string>) =>
      rows(files['cases.csv']!).filter((row) => row.deviation === 'high').length;
    const bands = await settle(area, {
      overrides: {
        'adjustment.steps': ['steps', 'special-case'],
        'deviation.high_by': ['choice', 'bands'],
        'deviation.high_bands': ['ratio', '100000:1 | 3'],
      },
    });
    assert.ok(high(bands) > high(plain));
    const percentile = await settle(area, {
      overrides: {
        'adjustment.steps': ['steps', 'high-share'],
        'high_share.maximum': ['ratio', '0.02'],
        'deviation.high_by': ['choice', 'percentile'],
        'deviation.high_percentile': ['ratio', '0.95'],
      },
    });
    const capped = rows(percentile['adjustments.csv']!).filter(
      (row) => row.adjustment === 'high-share',
    ).length;
    assert.equal(
      high(percentile) - capped,
      Math.min(high(percentile), Math.floor(ofYear(area).length * 0.02)),
    );
    conserved(percentile);
  });
});

describe('published numbers', () => {
  testWithSharedData('payment standards that cities published: weight × rate × coefficient', async (data) => {
    const published = rows(readFileSync(join(data, 'payment', 'drg_published_standards.csv'), 'utf8'));
    const engine = await Engine.open({ threads: 1, memoryLimitMib: 256 });
    try {
      await runScript(engine, sourceFile('engine/macros/exact.sql'));
      for (const { drg_code, weight, rate_yuan, inst_coef, expected_standard_yuan } of published) {
        const [w, rate, coefficient] = [weight, rate_yuan, inst_coef].map((text) => parseDecimal(text!)!);
        assert.equal(
          yuanText(paymentStandardFen(w!, rate!, coefficient!)),
          expected_standard_yuan,
          drg_code!,
        );
        // as the settlement pays it: points (weight 1 = 1000) × point value (rate / 1000)
        const points4 = (roundTo(w!, 4) * 1000n * roundTo(coefficient!, 4)) / 10_000n;
        const { fen } = await engine.row(
          'SELECT round_divide(CAST(? AS HUGEINT) * CAST(? AS HUGEINT), CAST(10000000000 AS HUGEINT)) AS fen',
          [points4, roundTo(rate!, 5)],
        );
        assert.equal(yuanText(fen as bigint), expected_standard_yuan, drg_code!);
      }
      assert.ok(published.length > 0);
    } finally {
      engine.close();
    }
  });

  testWithSharedData('the worked numbers of Zhejiang, Huzhou and Chongqing', (data) => {
    const worked = JSON.parse(readFileSync(join(data, 'payment', 'worked_examples.json'), 'utf8'));
    const points = (value4: bigint) => scaledText(roundTo(fraction(value4, 10_000n), 2), 2);
    const score4 = diseaseScore4(fraction(8_000_00n), fraction(10_000_00n), fraction(100n));
    const policy = {
      ...REFERENCE_POINTS,
      lowRatio: fraction(2n, 5n),
      highRatio: fraction(3n),
      ratioBase: 'mean',
      highPoints: 'excess-plus-coefficient',
    } as const;
    const group = { meanFen: fraction(8_000_00n), score4 };
    const complete = scoreGroupedCase(8_000_00n, group, 10_500n, policy).points4;
    const high = scoreGroupedCase(34_000_00n, group, 10_500n, policy).points4;
    // 10,000 yuan are 100 points, so that one point is 100 yuan
    const HUNDRED_YUAN = 10_000_000_000n;
    const bedDays = (fenPerDay: bigint, days: bigint, value8: bigint) =>
      points(bedDayPoints4(days, { fenPerDay }, 0n, value8, 'standard'));
    assert.deepEqual(
      {
        benchmark_points: points(score4),
        'complete_case_coef_1.05': points(complete),
        incomplete_cost_3000: points(incompletePoints4(score4, 3_000_00n, 8_000_00n)),
        incomplete_cost_9000_capped: points(incompletePoints4(score4, 9_000_00n, 8_000_00n)),
        readmit15d_previous_points: points(readmittedPoints4(complete, fraction(1n, 2n))),
        bedday_points_380_x45: bedDays(380_00n, 45n, HUNDRED_YUAN),
        extra_points_MEMORY_cost35000_unreasonable1000_mult3: points(high - complete),
      },
      worked.I_zhejiang,
    );
    const ONE_YUAN = 100_000_000n;
    assert.deepEqual(
      {
        psy_L3_class1_30d: bedDays(420_00n, 30n, ONE_YUAN),
        psy_L2_class2_30d: bedDays(285_00n, 30n, ONE_YUAN),
        rehab_L2_class1_60d: bedDays(295_00n, 60n, ONE_YUAN),
        rehab_L3_class2_60d: bedDays(280_00n, 60n, ONE_YUAN),
      },
      worked.J_huzhou,
    );
    const standard = (weight: string) =>
      paymentStandardFen(parseDecimal(weight)!, parseDecimal('9575.25')!, parseDecimal('0.92')!);
    assert.deepEqual(
      {
        'IU2F_0.9258': yuanText(standard('0.9258')),
        'IU23_0.6524': yuanText(standard('0.6524')),
        'IS2Z_1.0648': yuanText(standard('1.0648')),
        diff_unrounded: yuanText(standard('0.2734')),
        diff_of_rounded: yuanText(standard('0.9258') - standard('0.6524')),
      },
      worked.L_chongqing,
    );
    const quota = (perMille: bigint) => Number(specialCaseQuota(12_345n, fraction(perMille, 1000n)));
    assert.equal(quota(50n), worked.H_quota.drg_discharges_12345_floor_5pct);
    assert.equal(quota(5n), worked.H_quota.dip_discharges_12345_floor_5permille);
    const share = tcmShare({ stay: 10n, classes: 3n, tcmFen: 7_500n, totalFen: 10_000n });
    assert.equal(scaledText(roundTo(share, 4), 4), worked.Q_tcm.tcm_ratio_pass);
  });

  testWithSharedData(
    'the weights of Chongqing by level settle a year of an area whose scheme has its groups',
    async (data) => {
      const sample = rows(readFileSync(join(data, 'payment', 'chongqing_drg2_weights_sample.csv'), 'utf8'));
      const tcm = rows(readFileSync(join(data, 'payment', 'chongqing_tcm_groups.csv'), 'utf8'));
      const weightOf = new Map<string, { other: string; one: string }>();
      for (const { drg_code, weight_23, weight_1 } of sample)
        weightOf.set(drg_code!, { other: weight_23!, one: weight_1! });
      for (const { drg_code, weight } of tcm)
        if (!weightOf.has(drg_code!)) weightOf.set(drg_code!, { other: weight!, one: '' });
      const codes = [...weightOf.keys()];
      const area = randomDrgArea(77);
      const lists = area.lists.map((list, index) => ({
        ...list,
        diagnoses: `D${index % codes.length}`,
        procedures: '',
      }));
      const folder = writeArea({ ...area, lists }, 1, 'drg-reference');
      try {
        writeDrgScheme(join(folder, 'chongqing'), codes);
        appendFileSync(
          join(folder, 'area.yaml'),
          `documents:\n  local: 本地办法\noverrides:\n${[
            ['grouping.scheme', 'name', 'chongqing'],
            ['score.source', 'choice', 'table'],
            ['score.missing', 'choice', 'refuse'],
            ['adjustment.steps', 'steps', 'tcm'],
            ['deviation.low_ratio', 'ratio', '0'],
            ['deviation.high_ratio', 'ratio', '100'],
          ]
            .map(
              ([name, unit, value]) =>
                `  ${name}:\n    unit: ${unit}\n    values:\n      2022-01-01: {value: "${value}", from: local, article: 第一条}\n`,
            )
            .join('')}`,
        );
        writeFileSync(
          join(folder, 'weights.csv'),
          `group_code,level,weight\n${[...weightOf].flatMap(([code, { other, one }]) => [`${code},,${other}`, ...(one ? [`${code},1,${one}`] : [])]).join('\n')}\n`,
        );
        const groups = tcm.filter((row) => row.min_los_days !== '');
        writeFileSync(
          join(folder, 'tcm_groups.csv'),
          `group_code,minimum_stay,fallback_group\n${groups.map((row) => `${row.drg_code},${row.min_los_days},IU25`).join('\n')}\n`,
        );
        const files = await settleToFiles(folder, DRG_YEAR);
        const level = new Map(area.institutions.map((row) => [row.fixmedins_code, row.level]));
        const coefficient = new Map(
          rows(files['coefficients.csv']!).map((row) => [row.level, row.coefficient!]),
        );
        const tcmCodes = new Set(groups.map((row) => row.drg_code));
        let checked = 0;
        for (const row of rows(files['cases.csv']!)) {
          if (row.deviation !== 'normal') continue;
          const at = level.get(row.fixmedins_code!)!;
          // no operation is a TCM one, so that every TCM case falls back
          const { other, one } = weightOf.get(tcmCodes.has(row.group_code!) ? 'IU25' : row.group_code!)!;
          const weight4 = roundTo(parseDecimal(at === 1 && one !== '' ? one : other)!, 4);
          const exact = multiply(fraction(weight4, 10n), parseDecimal(coefficient.get(String(at))!)!);
          const points4 = roundTo(multiply(exact, fraction(10_000n)), 0);
          assert.equal(row.points, scaledText(points4, 4), row.group_code!);
          checked += 1;
        }
        assert.ok(checked > 20);
        conserved(files);
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    },
  );
});
