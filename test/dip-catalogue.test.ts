import assert from 'node:assert/strict';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { parse } from 'csv-parse/sync';
import { Engine } from '#engine/duckdb.ts';
import {
  CatalogueIndex,
  catalogueText,
  type GroupingProfile,
  groupCase,
  groupCaseFile,
  groupingProfile,
  readCaseFile,
  referenceCatalogue,
} from '#grouping/dip/index.ts';
import { DRAFT_OPTIONS, type TestRow, testCatalogue, withFiles } from '#grouping/dip/testing.ts';
import { YibaoError } from '#kernel/errors.ts';
import { parseDecimal, roundTo, scaledText } from '#kernel/fraction.ts';
import { parseYuan } from '#kernel/money.ts';
import {
  areaGrouping,
  buildAreaCatalogue,
  explainCase,
  paymentBasis,
  previewCase,
  settledCase,
  settlementWarnings,
  settleYear,
} from '#payment/index.ts';
import { loadPolicies, policyChain, policyDateOfYear, resolvePolicy } from '#policy/index.ts';
import { AREA_TWISTS, randomArea } from './support/random-area.ts';
import { settleToFiles } from './support/settle-files.ts';
import { writeArea } from './support/write-area.ts';

type Row = Readonly<Record<string, string>>;
const rowsOf = (text: string): Row[] => parse(text, { columns: true }) as Row[];
const YEAR = 2025;

function checkConservation(files: Record<string, string>): void {
  const sum = (rows: readonly Row[], field: string) =>
    rows.reduce((total, row) => total + parseYuan(row[field]!)!, 0n);
  const clearing = rowsOf(files['clearing.csv']!);
  const residual = rowsOf(files['residual.csv']!);
  for (const { insutype, budget } of rowsOf(files['point_values.csv']!)) {
    const own = (rows: readonly Row[]) => rows.filter((row) => row.insutype === insutype);
    assert.equal(sum(own(clearing), 'result') + sum(own(residual), 'residual'), parseYuan(budget!));
  }
}

/** Explanation and preview of some lists of each kind of deviation give the points that the lists were settled with. */
async function checkExplanations(folder: string): Promise<void> {
  const engine = await Engine.open();
  try {
    const settlement = await settleYear(engine, { areaFolder: folder, year: YEAR });
    const rows = await engine.rows(
      `SELECT setl_id, group_code, points4 FROM case_result
       QUALIFY row_number() OVER (PARTITION BY deviation ORDER BY setl_id) <= 3 ORDER BY setl_id`,
    );
    const { catalogue, profile } = await areaGrouping(engine, settlement, folder);
    for (const { setl_id, group_code, points4 } of rows) {
      const points = scaledText(points4 as bigint, 4);
      const explanation = await explainCase(engine, settlement, String(setl_id));
      assert.equal(explanation.points, points);
      if (group_code === null) continue;
      const { input, place } = await settledCase(engine, settlement, String(setl_id));
      const { candidates } = previewCase(input, catalogue, profile, paymentBasis(settlement, place));
      const chosen = candidates.find(({ state }) => state === 'chosen');
      // the blank group is what is left, no candidate
      if (chosen === undefined && group_code === 'KBBZ') continue;
      assert.deepEqual([chosen?.group_code, chosen?.points], [group_code, points]);
    }
  } finally {
    engine.close();
  }
}

function setProfile(folder: string, profile: string, area?: string): void {
  const path = join(folder, 'area.yaml');
  const text = readFileSync(path, 'utf8').replace(/profile: .*/, `profile: ${profile}`);
  writeFileSync(path, area ? text.replace(/area: .*/, `area: "${area}"`) : text);
}

describe('the reference profile as a catalogue and named steps, settled through the same pipeline', () => {
  for (const twist of AREA_TWISTS) {
    test(`random area: ${twist}`, async () => {
      const area = randomArea(31 + twist.length, twist);
      const folder = writeArea(area, 1);
      try {
        const reference = await settleToFiles(folder, YEAR);
        const groups = rowsOf(reference['groups.csv']!).map((row) => ({
          groupCode: row.group_code!,
          kind: row.kind!,
          score4: roundTo(parseDecimal(row.score!)!, 4),
        }));
        const catalogue = referenceCatalogue(
          groups
            .filter(({ kind }) => kind === 'core')
            .map((group) => ({ ...group, procedures: group.groupCode.split('+').slice(1) })),
          groups.filter(({ kind }) => kind === 'comprehensive'),
          new Map(),
        );
        writeFileSync(join(folder, 'catalogue.csv'), catalogueText(catalogue));
        setProfile(folder, 'dip-1.0');
        const byCatalogue = await settleToFiles(folder, YEAR);
        const groupOf = (files: Record<string, string>) =>
          rowsOf(files['cases.csv']!).map((row) => [row.setl_id, row.group_code, row.kind]);
        assert.deepEqual(groupOf(byCatalogue), groupOf(reference));
        checkConservation(byCatalogue);
        const scores = (files: Record<string, string>) =>
          rowsOf(files['groups.csv']!).map((row) => [row.group_code, row.kind, row.score]);
        assert.deepEqual(scores(byCatalogue), scores(reference));
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    });
  }
});

const policyOf = (profile: string, area = '000000') =>
  resolvePolicy({ layers: policyChain(loadPolicies(), area, profile), asOf: policyDateOfYear(YEAR) });

/** The cities whose grouping is written down, by their policy files. */
const CITIES = loadPolicies().layers.filter(
  ({ layer, profile }) => layer === 'city' && profile === 'dip-city-practice',
);

describe('national profiles and city profiles settle an area by a catalogue built from its own history', () => {
  const profiles = [
    ...['dip-1.0', 'dip-2.0', 'dip-3.0-draft', 'dip-city-practice'].map((profile) => ({
      profile,
      area: undefined,
    })),
    ...CITIES.map(({ profile, area }) => ({ profile, area })),
  ];
  test('there are nine cities', () => {
    assert.deepEqual(CITIES.map(({ area }) => area).toSorted(), [
      '370800',
      '370900',
      '410400',
      '420500',
      '420600',
      '420800',
      '420900',
      '421000',
      '421200',
    ]);
  });
  for (const { profile, area } of profiles) {
    test(`${profile}${area ? ` ${area}` : ''}: every fen of the budget, twice the same bytes, and each explained and previewed alike`, async () => {
      const folder = writeArea(randomArea(4, 'plain'), 2);
      try {
        const engine = await Engine.open();
        try {
          const policy = policyOf('dip-3.0-draft');
          const built = await buildAreaCatalogue(engine, {
            areaFolder: folder,
            year: YEAR,
            policy,
            // the random area is small
            threshold: { cases: 3n },
          });
          writeFileSync(join(folder, 'catalogue.csv'), catalogueText(built.catalogue));
        } finally {
          engine.close();
        }
        setProfile(folder, profile, area);
        const files = await settleToFiles(folder, YEAR);
        checkConservation(files);
        const groups = new Set(rowsOf(files['cases.csv']!).map(({ kind }) => kind));
        assert.ok(groups.has('core'), [...groups].join());
        assert.deepEqual(await settleToFiles(folder, YEAR), files);
        await checkExplanations(folder);
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    });
  }
});

/** Settles a random area under a city by a catalogue without comprehensive groups, with or without a blank group. */
async function settleBlank(city: string, blankScore: string | undefined) {
  const folder = writeArea(randomArea(4, 'plain'), 1);
  const engine = await Engine.open();
  try {
    const built = await buildAreaCatalogue(engine, {
      areaFolder: folder,
      year: YEAR,
      policy: policyOf('dip-3.0-draft'),
      threshold: { cases: 3n },
    });
    const entries = built.catalogue.entries.filter(({ kind }) => kind !== 'comprehensive');
    const text = catalogueText({ ...built.catalogue, entries });
    const columns = text.slice(0, text.indexOf('\n')).trim().split(',');
    const blank: Row = { group_code: 'KBBZ', kind: '空白', score: blankScore ?? '' };
    const row = columns.map((column) => blank[column] ?? '').join(',');
    writeFileSync(join(folder, 'catalogue.csv'), blankScore === undefined ? text : `${text}${row}\n`);
    setProfile(folder, 'dip-city-practice', city);
    const files = await settleToFiles(folder, YEAR);
    checkConservation(files);
    await checkExplanations(folder);
    const fresh = await Engine.open();
    try {
      const settlement = await settleYear(fresh, { areaFolder: folder, year: YEAR });
      const warnings = await settlementWarnings(fresh, settlement);
      return { files, warnings: warnings.map(({ en }) => en).join('\n') };
    } finally {
      fresh.close();
    }
  } finally {
    engine.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

describe('the blank group', () => {
  const casesOf = (files: Record<string, string>) => rowsOf(files['cases.csv']!);

  test('scored as ungrouped cases are gives the same points whether or not the catalogue lists it', async () => {
    const listed = await settleBlank('370800', '300');
    const unlisted = await settleBlank('370800', undefined);
    const points = (files: Record<string, string>) => casesOf(files).map((row) => [row.setl_id, row.points]);
    assert.deepEqual(points(listed.files), points(unlisted.files));
    const blank = casesOf(listed.files).filter(({ group_code }) => group_code === 'KBBZ');
    assert.ok(blank.length > 10);
    assert.deepEqual(new Set(blank.map(({ deviation }) => deviation)), new Set(['by-cost']));
    assert.equal(casesOf(unlisted.files).filter(({ kind }) => kind === 'ungrouped').length, blank.length);
  });

  test('with its own score is paid as any other group, and said aloud where the catalogue does not list it', async () => {
    const listed = await settleBlank('420900', '300');
    const blank = casesOf(listed.files).filter(({ kind }) => kind === 'blank');
    assert.ok(blank.some(({ deviation }) => deviation === 'normal'));
    assert.doesNotMatch(listed.warnings, /lists no blank group/);
    const unlisted = await settleBlank('420900', undefined);
    assert.match(unlisted.warnings, /lists no blank group/);
    assert.equal(casesOf(unlisted.files).filter(({ kind }) => kind === 'ungrouped').length, blank.length);
  });
});

/** A catalogue that reads everything of a case. */
const ROWS: readonly TestRow[] = [
  {
    group_code: 'AI',
    kind: 'pre-group',
    diagnosis: 'P07',
    age_days: '<29',
    birth_weight_g: '1000-1499',
    score: '9',
  },
  {
    group_code: 'T1',
    kind: 'diagnosis-assisted',
    diagnosis: 'A15|A16',
    other_diagnosis: 'U84.300',
    score: '8',
  },
  { group_code: 'T2', kind: 'diagnosis-assisted', diagnosis: 'A15|A16', score: '7' },
  {
    group_code: 'E1',
    kind: 'core',
    diagnosis: 'K35.9',
    operations: '47.0100',
    age_years: '>=65',
    score: '6',
  },
  { group_code: 'E2', kind: 'core', diagnosis: 'K35.9', operations: '47.0100', sex: '2', score: '5' },
  { group_code: 'E3', kind: 'core', diagnosis: 'K35.9', operations: '47.0100', score: '4', mean_cost: '900' },
  {
    group_code: 'E4',
    kind: 'core',
    diagnosis: 'K35.9',
    operations: '47.0901',
    score: '4.5',
    mean_cost: '1500',
  },
  { group_code: 'Z1', kind: 'tcm', diagnosis: 'K35.9', length_of_stay: '>=12', score: '3' },
  { group_code: 'D1', kind: 'day-surgery', diagnosis: 'K35.9', operations: '47.0100', score: '2' },
  { group_code: 'K35-1', kind: 'comprehensive', diagnosis: 'K35', score: '1' },
  { group_code: 'K35-4', kind: 'comprehensive', diagnosis: 'K35', score: '1' },
  { kind: 'excluded-diagnosis', diagnosis: 'Z37' },
];
const OPERATIONS = { '47.0100': 'surgery', '47.0901': 'surgery', '89.5200': 'minor' };

/** Cases drawn from a seed, some of them with wrong values. */
function randomCases(seed: number, cases: number): string {
  let state = seed;
  const next = (bound: number) => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return Math.floor(state / 65_536) % bound;
  };
  const pick = <T>(list: readonly T[]): T => list[next(list.length)]!;
  const header =
    'case_id,sex,age_years,age_days,birth_weight_g,length_of_stay,disposition,diagnoses,procedures,cost,ipt_med_type';
  const lines = Array.from({ length: cases }, (_, index) =>
    [
      String(index),
      pick(['1', '2', '']),
      pick(['', '3', '64', '65', '90']),
      pick(['', '0', '28', '29', '200']),
      pick(['', '999', '1000', '1200', '1499', '1500']),
      pick(['', '1', '11', '12', '30', index % 50 === 7 ? 'x' : '2']),
      '1',
      [
        pick(['P07.000', 'A15.100', 'A16', 'K35.900', 'K35.900', 'K35.100', 'Z37.000', '']),
        pick(['U84.300', 'J18.9', 'I10.x00']),
      ]
        .slice(0, 1 + next(2))
        .join('|'),
      [pick(['47.0100', '47.0901', '']), pick(['89.5200', '47.0901', '99.9999'])]
        .slice(0, 1 + next(2))
        .join('|'),
      pick(['', '1000.00', '1200.50', '1300']),
      pick(['', '1', '2']),
    ].join(','),
  );
  return `${[header, ...lines].join('\n')}\n`;
}

describe('a file of cases', () => {
  const profile: GroupingProfile = {
    steps: [
      ...groupingProfile(policyOf('dip-3.0-draft')).steps.filter((step) => step !== 'higher-score'),
      'nearest-cost',
      'higher-score',
    ],
    options: DRAFT_OPTIONS,
  };

  test('is grouped as its cases are one by one, in the order of the file, wrong rows marked', async () => {
    const catalogue = await testCatalogue(ROWS, OPERATIONS);
    const index = new CatalogueIndex(catalogue);
    await withFiles({ 'cases.csv': randomCases(20, 1_500) }, async (folder) => {
      const engine = await Engine.open();
      const out = join(folder, 'result', 'out.csv');
      const cases = join(folder, 'cases.csv');
      const result = await groupCaseFile(engine, { catalogue, profile, cases, out }).finally(() =>
        engine.close(),
      );
      const answers = rowsOf(readFileSync(out, 'utf8'));
      const lines = readFileSync(cases, 'utf8').trim().split('\n').slice(1);
      assert.deepEqual(
        answers.map(({ case_id }) => case_id),
        lines.map((_, place) => String(place)),
      );
      const isWrong = (line: string) =>
        line.split(',')[5] === 'x' ||
        /^\|?(U84|J18|I10)?/.exec(line.split(',')[7]!)![0] !== '' ||
        line.split(',')[7] === '';
      const header = readFileSync(cases, 'utf8').split('\n')[0]!;
      writeFileSync(
        join(folder, 'sound.csv'),
        `${[header, ...lines.filter((line) => !isWrong(line))].join('\n')}\n`,
      );
      const expected = new Map(
        (await readCaseFile(join(folder, 'sound.csv'))).map(({ caseId, input }) => [
          caseId,
          groupCase(input, index, profile),
        ]),
      );
      const kinds = new Set<string>();
      for (const answer of answers) {
        const grouping = expected.get(answer.case_id!);
        if (grouping === undefined) {
          assert.equal(answer.status, 'invalid', answer.case_id!);
          continue;
        }
        assert.equal(answer.group_code, grouping.groupCode ?? '', answer.case_id!);
        assert.deepEqual(
          [answer.kind, answer.status, answer.reason],
          [grouping.kind, grouping.status, grouping.reason ?? ''],
        );
        kinds.add(grouping.kind);
      }
      assert.equal(result.cases, 1_500);
      assert.ok(result.signatures < 1_400, `${result.signatures} signatures`);
      assert.deepEqual(result.unknownOperations, ['99.9999']);
      assert.equal(result.statuses.invalid, answers.length - expected.size);
      assert.ok(result.invalid.every(({ row }) => isWrong(lines[row! - 2]!)));
      for (const kind of [
        'pre-group',
        'diagnosis-assisted',
        'core',
        'tcm',
        'day-surgery',
        'comprehensive',
        'ungrouped',
      ]) {
        assert.ok(kinds.has(kind), `no case of kind ${kind}`);
      }
    });
  });

  test('that cannot be split into columns is refused whole, and no result is written', async () => {
    const catalogue = await testCatalogue(ROWS, OPERATIONS);
    const files = {
      'ragged.csv': 'case_id,diagnoses,procedures\n1,K35.900\n2,K35.900,47.0100,1\n3,K35.900,\n',
      'no-column.csv': 'case_id,diagnoses\n1,K35.900\n',
      'quote.csv': 'case_id,diagnoses,procedures\n1,"K35.900,47.0100\n',
      'empty.csv': '',
    };
    await withFiles(files, async (folder) => {
      for (const [name, lines] of [
        ['ragged.csv', [2, 3]],
        ['no-column.csv', [1]],
        ['quote.csv', [2]],
        ['empty.csv', [1]],
        ['absent.csv', [undefined]],
      ] as const) {
        const engine = await Engine.open();
        const out = join(folder, 'out.csv');
        await groupCaseFile(engine, { catalogue, profile, cases: join(folder, name), out })
          .then(
            () => assert.fail(`${name} was grouped`),
            (error) => {
              assert.ok(error instanceof YibaoError, `${name}: ${error}`);
              assert.deepEqual(
                error.problems.map(({ row }) => row),
                lines,
                name,
              );
            },
          )
          .finally(() => engine.close());
        assert.ok(!existsSync(out));
      }
    });
  });
});
