/**
 * Scores, coefficients, standards and types as a policy may choose them, on whole areas: the tables against the one-case
 * rules, list by list, and small areas against numbers worked by hand.
 */
import assert from 'node:assert/strict';
import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { parse } from 'csv-parse/sync';
import readExcel from 'read-excel-file/node';
import { Engine } from '#engine/duckdb.ts';
import { catalogueText } from '#grouping/dip/index.ts';
import { YibaoError } from '#kernel/errors.ts';
import { fraction, roundTo, scaledText } from '#kernel/fraction.ts';
import { SILENT } from '#kernel/progress.ts';
import { caseFacts } from '#payment/explain-points.ts';
import {
  areaGrouping,
  buildAreaCatalogue,
  caseAdjuster,
  explainCase,
  paymentBasis,
  previewCase,
  renderCaseExplanation,
  type Settlement,
  settledCase,
  settleYear,
  writeResults,
} from '#payment/index.ts';
import { scoreGroupedCase } from '#payment/points/score-case.ts';
import {
  adjustmentCoefficient4,
  byCoefficient,
  type CostStatistic,
  triggerOf,
  typingPolicy,
} from '#payment/typing/choose-types.ts';
import { fitTypes } from '#payment/typing/type-case.ts';
import { typingStandardFen } from '#payment/typing/type-cases.ts';
import { loadPolicies, policyChain, policyDateOfYear, resolvePolicy } from '#policy/index.ts';
import { writeReport, writeWorkbooks } from '#report/index.ts';
import { randomArea, randomNumbers } from './support/random-area.ts';
import { writeArea } from './support/write-area.ts';

const YEAR = 2025;
const UNITS: Readonly<Record<string, string>> = {
  'score.base_group': 'name',
  'score.fixed_standard': 'yuan',
  'coefficient.disease_cases': 'cases',
  'coefficient.disease_difference': 'ratio',
  'deviation.extreme_ratio': 'ratio',
  'deviation.published_point_value': 'yuan',
  'deviation.cliff_width': 'ratio',
  'special_case.quota': 'ratio',
  'ungrouped.ratio': 'ratio',
  'ungrouped.second_ratio': 'ratio',
  'typing.types': 'name',
  'typing.disease_cases': 'cases',
  'typing.type_cases': 'cases',
  'typing.cv_drop': 'ratio',
  'typing.loose.disease_cases': 'cases',
  'typing.loose.type_cases': 'cases',
  'typing.loose.cv_drop': 'ratio',
  'typing.adjusted_share': 'ratio',
  'catalogue.core_threshold': 'cases',
};

type Chosen = Readonly<Record<string, string>>;

function override(folder: string, chosen: Chosen): void {
  const values = Object.entries(chosen).map(
    ([name, value]) =>
      `  ${name}:\n    unit: ${UNITS[name] ?? 'choice'}\n    values:\n      2020-01-01: {value: "${value}", from: local-rules, article: 第一条}\n`,
  );
  appendFileSync(
    join(folder, 'area.yaml'),
    `documents:\n  local-rules: 随机市办法\noverrides:\n${values.join('')}`,
  );
}

async function withSettlement(
  folder: string,
  work: (engine: Engine, settlement: Settlement) => Promise<void>,
): Promise<void> {
  const engine = await Engine.open();
  try {
    await work(engine, await settleYear(engine, { areaFolder: folder, year: YEAR }));
  } finally {
    engine.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The text of every file a settlement writes. */
async function filesOf(
  engine: Engine,
  settlement: Settlement,
  cliffs = false,
): Promise<Record<string, string>> {
  const out = mkdtempSync(join(tmpdir(), 'yibao-methods-'));
  try {
    await writeResults(engine, settlement, out, { cliffs });
    return Object.fromEntries(readdirSync(out).map((name) => [name, readFileSync(join(out, name), 'utf8')]));
  } finally {
    rmSync(out, { recursive: true });
  }
}
const rowsOf = (text: string) => parse(text, { columns: true }) as Record<string, string>[];

/** A random area whose lists have ages, stays, ways of discharge and other diagnoses, and the files typing reads. */
function typedArea(seed: number): string {
  const area = randomArea(seed, 'plain');
  const random = randomNumbers(seed + 1);
  const pick = <T>(values: readonly T[]): T => values[Math.floor(random() * values.length)]!;
  const folder = writeArea({
    ...area,
    lists: area.lists.map((list) => {
      const others = Array.from({ length: Math.floor(random() * 4) }, () =>
        pick([
          'I50.900',
          'E11.901',
          'E11.200',
          'R57.200',
          'J15.900',
          'C78.000',
          'C34.100',
          list.diagnoses.split('|')[0]!,
        ]),
      );
      const sick = others.includes('R57.200') || others.includes('J15.900');
      const cost = Math.floor(300_000 + random() * 200_000) * (sick ? 3 : 1);
      return {
        ...list,
        diagnoses: [list.diagnoses.split('|')[0]!, ...others].join('|'),
        procedures: pick(['', '', list.procedures]),
        medfee_sumamt: `${Math.floor(cost / 100)}.${String(cost % 100).padStart(2, '0')}`,
        fund_pay_sumamt: '10.00',
      };
    }),
  });
  // the lists of the helper have one age and one way of discharge: give each its own
  const file = join(folder, 'settlement_lists', '0.csv');
  const [header, ...lines] = readFileSync(file, 'utf8').trimEnd().split('\n');
  const details = ['setl_id,icu_days,treatment_fee,drug_fee'];
  const written = lines.map((line) => {
    const cells = line.split(',');
    const age = pick(['', '0', '3', '12', '40', '64', '65', '80']);
    cells[5] = age;
    cells[6] = age === '' || age === '0' ? pick(['', '5', '28', '29', '200']) : '';
    cells[10] = pick(['1', '1', '1', '2', '5']);
    if (random() < 0.4 && cells[0] !== 'DUP') {
      details.push(
        `${cells[0]},${pick(['', '1', '2', '8', '31'])},${pick(['', '2000.00'])},${pick(['', '1500.00'])}`,
      );
    }
    return cells.join(',');
  });
  writeFileSync(file, `${[header, ...written].join('\n')}\n`);
  writeFileSync(join(folder, 'case_details.csv'), `${details.join('\n')}\n`);
  writeFileSync(
    join(folder, 'diagnosis_lists.csv'),
    'list,code,weight,unless_principal\ncci,I50,1,\ncci,E11.9,1,\ncci,E11.2,2,\ncci,C78,6,\nsevere,R57,,\nmoderate,J15,,J18|K35.901\ncc,E11,,\nmcc,R57,,\n',
  );
  return folder;
}

const TYPING: Chosen = {
  'typing.method': 'highest-trigger',
  'typing.types': 'dip-3.0-draft',
  'typing.disease_cases': '8',
  'typing.type_cases': '2',
  'typing.cv_drop': '0.2',
  'typing.loose.disease_cases': '4',
  'typing.loose.type_cases': '0',
  'typing.loose.cv_drop': '0',
  'typing.adjusted_share': '1',
  'typing.adjustment': 'fitting-cases',
  'typing.ratio_base': 'without-type',
  'catalogue.core_threshold': '5',
};

/** Every list of every year typed by the one-case rule, the triggers and coefficients from those, against the tables. */
async function checkTyping(engine: Engine, settlement: Settlement): Promise<number> {
  const { catalogue, typing } = settlement;
  const { definition, dictionary } = typing!;
  const policy = typingPolicy(settlement.policy)!;
  const number = (value: unknown) => (value === null ? undefined : Number(value));
  const money = (value: unknown) => (value === null ? undefined : BigInt(value as bigint));
  const rows = await engine.rows(`
    SELECT f.*, a.setl_id, a.year, a.class_no, a.cost_fen, g.group_no, c.type_no AS chosen, s.points4
    FROM accepted_list AS a
    JOIN typing_fact AS f ON f.list_no = a.list_no
    JOIN signature_group AS g ON g.signature_no = a.signature_no
    LEFT JOIN case_type AS c ON c.list_no = a.list_no
    LEFT JOIN case_score AS s ON s.setl_id = a.setl_id
    ORDER BY a.list_no`);
  const groupOf = new Map(catalogue.groups.map((group) => [group.groupNo, group]));
  const lists = rows.flatMap((row) => {
    const group = groupOf.get(Number(row.group_no));
    if (!group || ['comprehensive', 'tcm', 'blank'].includes(group.kind)) {
      assert.equal(row.chosen, null, 'only core groups are typed');
      return [];
    }
    const classNo = Number(row.class_no);
    const facts = {
      costFen: row.cost_fen as bigint,
      standardFen: typingStandardFen(catalogue, group, classNo),
      ageYears: number(row.age_years),
      ageDays: number(row.age_days),
      lengthOfStay: number(row.length_of_stay),
      icuDays: number(row.icu_days),
      disposition: String(row.disposition),
      diagnoses: String(row.diagnoses).split('|'),
      treatmentFen: money(row.treatment_fen),
      drugFen: money(row.drug_fen),
    };
    const fits = fitTypes(facts, definition, dictionary).filter((fit) => fit.fits);
    return [{ row, group, classNo, cost: facts.costFen, types: fits.map(({ type }) => type) }];
  });
  const statistic = (own: typeof lists): CostStatistic => ({
    cases: BigInt(own.length),
    costFen: own.reduce((sum, { cost }) => sum + cost, 0n),
    squareFen: own.reduce((sum, { cost }) => sum + cost * cost, 0n),
  });
  let adjusted = 0;
  for (const [groupNo, own] of Map.groupBy(lists, ({ group }) => group.groupNo)) {
    const last = own.filter(({ row }) => Number(row.year) === YEAR - 1);
    const triggers = definition.types
      .map((type) => ({ type, cases: last.filter(({ types }) => types.includes(type)) }))
      .filter(({ cases }) => cases.length > 0)
      .map(({ type, cases }) => triggerOf(groupNo, type, statistic(last), statistic(cases), policy));
    const ranked = triggers.filter(({ verdict }) => verdict === 'triggered').toSorted(byCoefficient);
    const chosenOf = (types: (typeof lists)[number]['types']) =>
      ranked.find(({ type }) => types.includes(type));
    const results = await engine.rows('SELECT * FROM type_result WHERE group_no = ? ORDER BY type_no', [
      groupNo,
    ]);
    assert.deepEqual(
      results.map((row) => [row.type, row.verdict, row.trigger4]),
      triggers.map(({ type, verdict, coefficient }) => [type.code, verdict, roundTo(coefficient, 4)]),
    );
    for (const { row, group, classNo, cost, types } of own) {
      const chosen = chosenOf(types);
      assert.equal(row.chosen === null ? undefined : Number(row.chosen), chosen?.type.typeNo);
      if (row.points4 === null) continue;
      const ofChosen = chosen && last.filter((each) => chosenOf(each.types) === chosen);
      const typeCoefficient4 =
        chosen &&
        adjustmentCoefficient4(
          policy.adjustment === 'chosen-cases' && ofChosen!.length > 0 ? statistic(ofChosen!) : chosen.ofType,
          chosen.disease,
        );
      if (chosen) adjusted += 1;
      const { points4 } = scoreGroupedCase(
        cost,
        { ...catalogue.standardOf(group, classNo), typeCoefficient4 },
        catalogue.coefficientOf(group, classNo).coefficient4,
        catalogue.points,
      );
      assert.equal(row.points4, points4, `points of ${row.setl_id}`);
    }
  }
  return adjusted;
}

async function explainAll(engine: Engine, settlement: Settlement, most = 12): Promise<void> {
  const rows = await engine.rows(`SELECT setl_id FROM case_score ORDER BY setl_id LIMIT ${most}`);
  for (const row of rows) {
    const explanation = await explainCase(engine, settlement, String(row.setl_id));
    for (const language of ['zh', 'en'] as const) {
      assert.doesNotMatch(renderCaseExplanation(explanation, language), /undefined|NaN/);
    }
  }
}

describe('auxiliary typing of whole areas is that of the one-case rule', () => {
  const variants: Readonly<Record<string, Chosen>> = {
    'as the draft says': {},
    'adjusted by the cases chosen, the base adjusted too': {
      'typing.adjustment': 'chosen-cases',
      'typing.ratio_base': 'with-type',
    },
    'the older types of practice, with the formulas of a city': {
      'typing.types': 'dip-city-practice',
      'deviation.ratio_base': 'mean',
      'deviation.low_points': 'without-coefficient',
      'deviation.high_points': 'excess-plus-coefficient',
      'deviation.extreme': 'normal',
      'deviation.extreme_ratio': '5',
    },
  };
  for (const [name, chosen] of Object.entries(variants)) {
    test(name, async () => {
      let adjusted = 0;
      for (const seed of [3, 17, 101]) {
        const folder = typedArea(seed);
        override(folder, { ...TYPING, ...chosen });
        await withSettlement(folder, async (engine, settlement) => {
          adjusted += await checkTyping(engine, settlement);
          await explainAll(engine, settlement, 15);
          const files = await filesOf(engine, settlement);
          for (const row of rowsOf(files['case_types.csv']!)) {
            const { typing } = await explainCase(engine, settlement, row.setl_id!);
            assert.deepEqual([typing!.chosen, typing!.coefficient], [row.type, row.coefficient]);
          }
        });
      }
      assert.ok(adjusted > 8, `only ${adjusted} lists have a type`);
    });
  }

  test('of the groups of a published catalogue, its comprehensive and TCM groups left out', async () => {
    let adjusted = 0;
    for (const seed of [3, 17]) {
      const folder = typedArea(seed);
      const engine = await Engine.open();
      try {
        const layers = policyChain(loadPolicies(), '000000', 'dip-3.0-draft');
        const policy = resolvePolicy({ layers, asOf: policyDateOfYear(YEAR) });
        const threshold = { cases: 5n };
        const { catalogue } = await buildAreaCatalogue(engine, {
          areaFolder: folder,
          year: YEAR,
          policy,
          threshold,
        });
        const text = catalogueText(catalogue);
        // the first core group becomes one of TCM: the draft never types it
        writeFileSync(join(folder, 'catalogue.csv'), text.replace(',core,', ',tcm,'));
      } finally {
        engine.close();
      }
      const area = join(folder, 'area.yaml');
      writeFileSync(area, readFileSync(area, 'utf8').replace('profile: reference', 'profile: dip-3.0-draft'));
      const { 'catalogue.core_threshold': _, ...typing } = TYPING;
      override(folder, typing);
      await withSettlement(folder, async (engine, settlement) => {
        adjusted += await checkTyping(engine, settlement);
        await explainAll(engine, settlement, 15);
        const files = await filesOf(engine, settlement);
        const kindOf = new Map(rowsOf(files['groups.csv']!).map((row) => [row.group_code, row.kind]));
        const typed = rowsOf(files['type_coefficients.csv']!).map((row) => kindOf.get(row.group_code!));
        assert.deepEqual(new Set(typed).difference(new Set(['core', 'primary-care'])), new Set());
        for (const row of rowsOf(files['case_types.csv']!)) {
          const explained = await explainCase(engine, settlement, row.setl_id!);
          assert.deepEqual(
            [explained.typing!.chosen, explained.typing!.coefficient],
            [row.type, row.coefficient],
          );
        }
      });
    }
    assert.ok(adjusted > 8, `only ${adjusted} lists have a type`);
  });

  test('the share of adjusted cases is kept', async () => {
    const folder = typedArea(17);
    override(folder, { ...TYPING, 'typing.adjusted_share': '0.1' });
    await withSettlement(folder, async (engine) => {
      const { verdicts } = await engine.row(
        "SELECT count(*) AS verdicts FROM type_result WHERE verdict = 'share-limit'",
      );
      assert.ok((verdicts as bigint) > 0n);
      const { adjusted, all } = await engine.row(`
        SELECT (SELECT count(*) FROM chosen_type WHERE year = ${YEAR - 1}) AS adjusted
          , (SELECT count(*) FROM accepted_list WHERE year = ${YEAR - 1}) AS all`);
      assert.ok((adjusted as bigint) * 10n <= (all as bigint));
    });
  });

  test('without the lists of diagnoses nothing is settled, and the missing lists are named', async () => {
    const folder = typedArea(17);
    rmSync(join(folder, 'diagnosis_lists.csv'));
    override(folder, TYPING);
    await assert.rejects(
      withSettlement(folder, async () => {}),
      (error) =>
        error instanceof YibaoError &&
        error.problems.map(({ value }) => value).join() === 'cci,moderate,severe',
    );
  });
});

describe('every choice of scores, coefficients and standards is explained with the numbers of the run', () => {
  const choices: Readonly<Record<string, Chosen>> = {
    'fixed standard, pooled means': {
      'score.method': 'fixed-standard',
      'score.fixed_standard': '12.5',
      'score.mean_reading': 'pooled',
    },
    'base disease': { 'score.method': 'base-disease', 'score.base_group': 'T' },
    institution: { 'coefficient.method': 'institution' },
    composite: { 'coefficient.method': 'composite' },
    'level and type': { 'coefficient.method': 'level-and-type' },
    'by disease': {
      'coefficient.method': 'by-disease',
      'coefficient.disease_cases': '2',
      'coefficient.disease_difference': '0.05',
      'deviation.mean': 'same-level-last-year',
      'deviation.ratio_base': 'mean',
    },
    'last year at the level, with the coefficient': { 'deviation.mean': 'same-level-last-year' },
    'payment standard from inlier points': {
      'deviation.mean': 'point-value',
      'deviation.point_value': 'inlier-start-of-year',
      'ungrouped.standard': 'point-value',
      'ungrouped.second_ratio': '0.9',
    },
    'published point value, normal points above, review above five': {
      'deviation.mean': 'point-value',
      'deviation.point_value': 'published',
      'deviation.published_point_value': '9.5',
      'deviation.high_points': 'excess-without-coefficient',
      'deviation.extreme': 'review',
      'deviation.extreme_ratio': '5',
    },
  };
  for (const [name, chosen] of Object.entries(choices)) {
    test(name, async () => {
      const area = randomArea(7, 'plain');
      const folder = writeArea(area);
      const key = area.lists.find(({ setl_id }) => setl_id === 'T1')!.procedures;
      const isMinor = area.procedures.get(key) === 'minor';
      // the group that every random area has
      const group = isMinor ? 'K35.9' : `K35.9+${key}`;
      override(
        folder,
        Object.fromEntries(
          Object.entries(chosen).map(([each, value]) => [each, value === 'T' ? group : value]),
        ),
      );
      const types = ['综合', '专科'];
      writeFileSync(
        join(folder, 'institutions.csv'),
        `fixmedins_code,name,level,type\n${area.institutions.map((row, index) => `${row.fixmedins_code},${row.name},${row.level},${types[index % 2]}`).join('\n')}\n`,
      );
      if (name === 'composite') {
        const [first, second] = area.institutions.map((row) => row.fixmedins_code);
        writeFileSync(
          join(folder, 'institution_coefficients.csv'),
          `fixmedins_code,component,value,source\n${first},base,0.9,系数表\n${first},cmi,0.05,系数表\n${first},contract,-0.01,系数表\n${second},complete,1.1234,系数表\n`,
        );
      }
      await withSettlement(folder, async (engine, settlement) => {
        await explainAll(engine, settlement);
        const files = await filesOf(engine, settlement, true);
        if (name === 'composite') {
          const rows = rowsOf(files['institution_coefficients.csv']!);
          const of = (code: string) => rows.find((row) => row.fixmedins_code === code)!;
          assert.equal(of(area.institutions[0]!.fixmedins_code).coefficient, '0.9400');
          assert.equal(of(area.institutions[1]!.fixmedins_code).coefficient, '1.1234');
        }
        if (name === 'by disease') {
          assert.ok(rowsOf(files['disease_coefficients.csv']!).length > 0);
        }
        checkCliffs(files, settlement);
      });
    });
  }
});

/** The list of cliffs holds exactly the cases whose ratio is within the width above a jump. */
function checkCliffs(files: Record<string, string>, settlement: Settlement): void {
  const listed = rowsOf(files['cliff_cases.csv']!);
  for (const row of listed) {
    const ratio = Number(row.ratio);
    const textOf = (name: 'deviation.extreme_ratio' | 'deviation.high_ratio' | 'deviation.high_by') =>
      settlement.policy.values[name]?.value.text;
    const limit =
      row.cliff === 'low'
        ? 0.5
        : Number(textOf(row.cliff === 'high' ? 'deviation.high_ratio' : 'deviation.extreme_ratio'));
    // a high limit by bands or percentiles differs from group to group
    if (row.cliff !== 'high' || textOf('deviation.high_by') === 'ratio') {
      assert.ok(ratio >= limit - 1e-6 && ratio <= limit + 0.05 + 1e-6, `${row.setl_id}: ${ratio}`);
    }
    assert.notEqual(row.points, row.points_before_cliff);
  }
}

test('the cases just above 0.5 are listed, none beyond the width, with the points one fen below', async () => {
  const lists = (year: number, costs: readonly string[]) =>
    costs.map((cost, index) => ({
      setl_id: `${year}-${String(index).padStart(3, '0')}`,
      fixmedins_code: 'H1',
      insutype: '310',
      adm_time: `${year}-03-01`,
      dscg_time: `${year}-03-05`,
      medfee_sumamt: cost,
      fund_pay_sumamt: '0',
      diagnoses: 'K35.900',
      procedures: '',
    }));
  const folder = writeArea({
    institutions: [{ fixmedins_code: 'H1', name: '一院', level: 3 }],
    procedures: new Map(),
    primaryCareGroups: new Set(),
    lists: [
      ...lists(
        2024,
        Array.from({ length: 20 }, () => '10000'),
      ),
      ...lists(2025, ['4999.99', '5000', '5250', '5500', '5500.01', '10000']),
    ],
    budgets: [{ year: 2025, insutype: '310', budget: '100000' }],
    institutionYears: [],
  });
  await withSettlement(folder, async (engine, settlement) => {
    const files = await filesOf(engine, settlement, true);
    assert.equal(
      files['cliff_cases.csv'],
      [
        'setl_id,fixmedins_code,insutype,month,group_code,cliff,cost,cost_before_cliff,ratio,points,points_before_cliff',
        '2025-001,H1,310,2025-03,K35.9,low,5000.00,4999.99,0.500000,1000.0000,499.9990',
        '2025-002,H1,310,2025-03,K35.9,low,5250.00,4999.99,0.525000,1000.0000,499.9990',
        '2025-003,H1,310,2025-03,K35.9,low,5500.00,4999.99,0.550000,1000.0000,499.9990',
        '',
      ].join('\n'),
    );
    assert.equal((await filesOf(engine, settlement))['cliff_cases.csv'], undefined);
    // the report counts them by institution, the agency's workbook lists them
    const out = mkdtempSync(join(tmpdir(), 'yibao-cliffs-'));
    try {
      await writeReport({ engine, file: join(out, 'report.html'), language: 'zh' });
      const section = /<section id="cliffs"[\s\S]*?<\/section>/.exec(
        readFileSync(join(out, 'report.html'), 'utf8'),
      )![0];
      assert.match(section, /一院 <code>H1<\/code>[\s\S]*?3[\s\S]*?50\.0/);
      await writeWorkbooks({ engine, folder: out, language: 'zh', progress: SILENT });
      const agency = await readExcel(join(out, 'agency.xlsx'));
      const cliffs = agency.find(({ sheet }) => sheet.startsWith('断崖清单'))!.data;
      const place = (title: string) => cliffs[0]!.findIndex((cell) => String(cell).startsWith(title));
      const listed = ['结算ID', '总费用', '断崖前费用', '分值', '断崖前分值'].map(place);
      assert.deepEqual(
        cliffs.slice(1).map((row) => listed.map((index) => row[index])),
        [
          ['2025-001', 5000, 4999.99, 1000, 499.999],
          ['2025-002', 5250, 4999.99, 1000, 499.999],
          ['2025-003', 5500, 4999.99, 1000, 499.999],
        ],
      );
    } finally {
      rmSync(out, { recursive: true });
    }
  });
});

test('decided scores keep the total of the area: the worked numbers', async () => {
  // means 13,370 / 6,050 / 31,800 with 200 / 900 / 60 lists of one year; M = 9,990 by lists that end in another group
  const { adjustScores } = await import('#payment/points/adjust-scores.ts');
  const group = (groupCode: string, mean: bigint, cases: bigint) => ({
    groupCode,
    score: fraction(mean * 1000n, 9_990n),
    cases,
  });
  const groups = [group('A', 13_370n, 200n), group('B', 6_050n, 900n), group('C', 31_800n, 60n)];
  const adjustment = (row: number, groupCode: string, value: ReturnType<typeof fraction>) => ({
    row,
    groupCode,
    by: 'factor' as const,
    value,
    reason: '评审',
  });
  const { k, groups: adjusted } = adjustScores(groups, [
    adjustment(2, 'A', fraction(105n, 100n)),
    adjustment(3, 'C', fraction(97n, 100n)),
  ]);
  assert.equal(roundTo(k, 8), 99_243_230n);
  assert.deepEqual(
    adjusted.map(({ score }) => roundTo(score, 4)),
    [13_946_207n, 6_010_226n, 30_643_210n],
  );
  const total = (all: typeof groups) =>
    all.reduce((sum, { score, cases }) => sum + roundTo(score, 4) * cases, 0n);
  const difference = total(groups) - total([...adjusted]);
  assert.ok(difference < 1_000n && difference > -1_000n, 'the total moves by rounding only');
  assert.throws(() => adjustScores(groups, [adjustment(7, 'D', fraction(1n))]), /area\.unknown-group|D/);
});

test('a decided score is put in place, all are rescaled, and lists stay in their groups', async () => {
  const area = randomArea(11, 'plain');
  const plain = writeArea(area);
  let before: Record<string, string>[] = [];
  let cases: Record<string, string>[] = [];
  await withSettlement(plain, async (engine, settlement) => {
    const files = await filesOf(engine, settlement);
    before = rowsOf(files['groups.csv']!);
    cases = rowsOf(files['cases.csv']!);
  });
  const folder = writeArea(area);
  writeFileSync(
    join(folder, 'score_adjustments.csv'),
    `group_code,score,factor,reason\n${before[0]!.group_code},2000,,专家评审\n`,
  );
  await withSettlement(folder, async (engine, settlement) => {
    const files = await filesOf(engine, settlement);
    const [row] = rowsOf(files['adjusted_scores.csv']!);
    assert.equal(row!.decided_score, '2000.0000');
    assert.equal(row!.calculated_score, before[0]!.score);
    const after = rowsOf(files['groups.csv']!);
    const total = (rows: readonly Record<string, string>[]) =>
      rows.reduce((sum, each) => sum + Number(each.score) * Number(each.cases), 0);
    assert.ok(Math.abs(total(after) / total(before) - 1) < 1e-4);
    const group = (rows: readonly Record<string, string>[]) =>
      rows.map((each) => [each.setl_id, each.group_code]);
    assert.deepEqual(group(rowsOf(files['cases.csv']!)), group(cases));
    await explainAll(engine, settlement, 20);
  });
});

test('a preview pays a list what it was paid, with its type, special case and add-on; a case of a file has a type too', async () => {
  // the helper removes a settled area: its twin gets the files
  const first = typedArea(17);
  const folder = typedArea(17);
  for (const each of [first, folder]) override(each, { ...TYPING, 'special_case.quota': '0.5' });
  await withSettlement(first, async (engine) => {
    const [special, added] = await engine.rows(
      "SELECT setl_id FROM case_result WHERE kind = 'core' ORDER BY setl_id LIMIT 2",
    );
    writeFileSync(
      join(folder, 'special_cases.csv'),
      `setl_id,decision,amount,points,reason\n${special!.setl_id},cost,,,罕见病\n`,
    );
    writeFileSync(
      join(folder, 'add_ons.csv'),
      `setl_id,item,amount,points,reason\n${added!.setl_id},新药,,12.5,谈判药品\n`,
    );
  });
  await withSettlement(folder, async (engine, settlement) => {
    const { catalogue, profile } = await areaGrouping(engine, settlement, folder);
    const typed = new Map(
      (
        await engine.rows(
          `SELECT c.setl_id, r.type FROM case_score AS c
           JOIN type_result AS r ON r.group_no = c.group_no AND r.type_no = c.type_no`,
        )
      ).map((row) => [String(row.setl_id), String(row.type)]),
    );
    assert.ok(typed.size > 3);
    const rows = await engine.rows(
      'SELECT setl_id, points4 FROM case_result WHERE group_code IS NOT NULL ORDER BY setl_id LIMIT 150',
    );
    const seen = new Set<string>();
    for (const { setl_id, points4 } of rows) {
      const setlId = String(setl_id);
      const { input, place } = await settledCase(engine, settlement, setlId);
      const adjuster = await caseAdjuster(engine, settlement, { setlId });
      const preview = previewCase(input, catalogue, profile, paymentBasis(settlement, place, adjuster));
      const chosen = preview.candidates.find(({ state }) => state === 'chosen')!;
      assert.deepEqual([chosen.points, chosen.type], [scaledText(points4 as bigint, 4), typed.get(setlId)]);
      for (const { adjustment } of chosen.adjustments ?? []) seen.add(adjustment);
      if (chosen.type === undefined) continue;
      // the same case in a file has the same type: nothing but the case decides it here
      const facts = (await caseFacts(engine, setlId))!;
      if (facts.icuDays !== undefined || facts.treatmentFen !== undefined || facts.drugFen !== undefined)
        continue;
      const [principalDiagnosis, ...otherDiagnoses] = facts.diagnoses;
      const fileCase = {
        caseId: setlId,
        fixmedinsCode: '',
        disposition: facts.disposition ?? '',
        input: {
          ...input,
          principalDiagnosis: principalDiagnosis!,
          otherDiagnoses,
          age_years: facts.ageYears,
          age_days: facts.ageDays,
          length_of_stay: facts.lengthOfStay,
        },
      };
      const ofFile = await caseAdjuster(engine, settlement, { fileCase, scheme: place.scheme });
      const again = previewCase(
        fileCase.input,
        catalogue,
        profile,
        paymentBasis(settlement, place, ofFile),
      ).candidates.find(({ state }) => state === 'chosen')!;
      assert.equal(again.type, chosen.type);
      seen.add('file');
    }
    assert.deepEqual([...seen].toSorted(), ['add-on', 'file', 'special-case']);
  });
});
