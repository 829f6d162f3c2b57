import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { parse } from 'yaml';
import type { DiagnosisListEntry } from '#catalogue/points-tables.ts';
import { Engine } from '#engine/duckdb.ts';
import { makeTable, runScript, sourceFile } from '#engine/sql-file.ts';
import { YibaoError } from '#kernel/errors.ts';
import { ceiling, fraction, multiply, roundTo, scaledText } from '#kernel/fraction.ts';
import { parseYuan } from '#kernel/money.ts';
import {
  adjustmentCoefficient4,
  type CostStatistic,
  cvDropsEnough,
  limitShare,
  type TypingPolicy,
  triggerOf,
} from './choose-types.ts';
import { type CaseFacts, fitTypes } from './type-case.ts';
import { cv4, ruleRow } from './type-cases.ts';
import { dictionaryOf, readTypeDefinition } from './type-definition.ts';

type Given = {
  readonly diagnoses: string;
  readonly age_years?: number;
  readonly age_days?: number;
  readonly stay?: number;
  readonly icu?: number;
  readonly disposition?: string;
  readonly cost?: string;
  readonly standard?: string;
  readonly treatment?: string;
  readonly drug?: string;
};
const { lists, cases } = parse(readFileSync(join(import.meta.dirname, 'type-case.cases.yaml'), 'utf8')) as {
  readonly lists: Readonly<Record<string, readonly (readonly [string, number, string?])[]>>;
  readonly cases: readonly { name: string; definition?: string; given: Given; fits: readonly string[] }[];
};
const entries: DiagnosisListEntry[] = Object.entries(lists).flatMap(([list, codes]) =>
  codes.map(([code, weight, unless]) => ({
    row: 0,
    list,
    code,
    weight,
    unlessPrincipal: unless === undefined ? [] : [unless],
  })),
);
const known = (name = 'dip-3.0-draft') => {
  const definition = readTypeDefinition(name, 'no-folder');
  return { definition, dictionary: dictionaryOf(definition, entries) };
};
const money = (text: string | undefined) => (text === undefined ? undefined : parseYuan(text)!);

const factsOf = (given: Given): CaseFacts => ({
  costFen: money(given.cost ?? '10000')!,
  standardFen: fraction(money(given.standard ?? '10000')!),
  ageYears: given.age_years,
  ageDays: given.age_days,
  lengthOfStay: given.stay,
  icuDays: given.icu,
  disposition: given.disposition ?? '1',
  diagnoses: given.diagnoses.split('|'),
  treatmentFen: money(given.treatment),
  drugFen: money(given.drug),
});

describe('types of one case in TypeScript', () => {
  for (const { name, definition: named, given, fits } of cases) {
    test(name, () => {
      const { definition, dictionary } = known(named);
      const fitting = fitTypes(factsOf(given), definition, dictionary).filter((each) => each.fits);
      assert.deepEqual(
        fitting.map(({ type }) => type.code),
        fits,
      );
    });
  }
});

describe('types of a table in SQL', () => {
  let engine: Engine;
  before(async () => {
    engine = await Engine.open();
  });
  after(() => engine.close());

  for (const name of ['dip-3.0-draft', 'dip-city-practice']) {
    test(`the same cases fit the same types: ${name}`, async () => {
      const { definition, dictionary } = known(name);
      const own = cases.filter((each) => (each.definition ?? 'dip-3.0-draft') === name);
      await runScript(engine, sourceFile('payment/typing/typing_tables.sql'));
      await engine.append(
        'diagnosis_list',
        dictionary.entries.map((entry, index) => [entry.listNo, entry.code, entry.weight, index]),
      );
      await engine.append(
        'diagnosis_list_exception',
        dictionary.entries.flatMap((entry, index) => entry.unlessPrincipal.map((code) => [index, code])),
      );
      await engine.append('typing_parameter', [
        [definition.weightList ? dictionary.names.indexOf(definition.weightList) : -1],
      ]);
      await engine.append(
        'type_rule',
        definition.types.map((type) => ruleRow(type, dictionary)),
      );
      // each case is a group of its own, so that it can have its own standard
      await engine.run(`
        CREATE OR REPLACE TABLE typing_fact (
          list_no BIGINT, diagnoses VARCHAR, age_years INTEGER, age_days INTEGER, length_of_stay INTEGER,
          disposition VARCHAR, icu_days INTEGER, treatment_fen BIGINT, drug_fen BIGINT);
        CREATE OR REPLACE TABLE accepted_list (
          list_no BIGINT, year INTEGER, class_no SMALLINT, cost_fen BIGINT, signature_no INTEGER);
        CREATE OR REPLACE TABLE signature_group (signature_no INTEGER, group_no INTEGER)`);
      const facts = own.map(({ given }) => factsOf(given));
      await engine.append(
        'typing_fact',
        facts.map((each, index) => [
          index,
          each.diagnoses.join('|'),
          each.ageYears ?? (each.ageDays === undefined ? null : 0),
          each.ageDays ?? null,
          each.lengthOfStay ?? null,
          each.disposition ?? '',
          each.icuDays ?? null,
          each.treatmentFen ?? null,
          each.drugFen ?? null,
        ]),
      );
      await engine.append(
        'accepted_list',
        facts.map(({ costFen }, index) => [index, 2024, 1, costFen, index]),
      );
      for (const table of ['signature_group', 'typed_group']) {
        await engine.append(
          table,
          facts.map((_, index) => (table === 'typed_group' ? [index] : [index, index])),
        );
      }
      await engine.append(
        'type_cost_limit',
        definition.types.flatMap(({ typeNo, condition }) =>
          condition.costMultiple === undefined
            ? []
            : facts.map(({ standardFen }, index) => [
                typeNo,
                index,
                1,
                ceiling(multiply(condition.costMultiple!, standardFen)),
              ]),
        ),
      );
      for (const table of ['typing_diagnosis', 'typing_case', 'type_fit']) {
        await makeTable(engine, sourceFile(`payment/typing/${table}.sql`));
      }
      const rows = await engine.rows('SELECT list_no, type_no FROM type_fit ORDER BY list_no, type_no');
      for (const [index, { name: title, fits }] of own.entries()) {
        const found = rows.filter((row) => Number(row.list_no) === index);
        assert.deepEqual(
          found.map((row) => definition.types[Number(row.type_no) - 1]!.code),
          fits,
          title,
        );
      }
    });
  }
});

const statistic = (costs: readonly bigint[]): CostStatistic => ({
  cases: BigInt(costs.length),
  costFen: costs.reduce((sum, cost) => sum + cost, 0n),
  squareFen: costs.reduce((sum, cost) => sum + cost * cost, 0n),
});
/** Two costs with this mean and standard deviation, as many times as asked. */
const spread = (mean: bigint, deviation: bigint, pairs: number) =>
  statistic(
    Array.from({ length: pairs * 2 }, (_, index) => (index % 2 ? mean + deviation : mean - deviation)),
  );

describe('triggers', () => {
  const { definition } = known();
  const typeOf = (code: string) => definition.types.find((each) => each.code === code)!;
  const POLICY: TypingPolicy = {
    limits: { diseaseCases: 50n, typeCases: 9n, cvDrop: fraction(1n, 5n) },
    looseLimits: { diseaseCases: 20n, typeCases: 3n, cvDrop: fraction(0n) },
    adjustedShare: fraction(1n),
    adjustment: 'fitting-cases',
  };

  test('a coefficient of variation that falls from 0.90 to 0.70 falls by 22.22 % and passes at 20 %', () => {
    const [before, after] = [spread(10_000n, 9_000n, 30), spread(16_000n, 11_200n, 10)];
    assert.deepEqual([scaledText(cv4(before), 4), scaledText(cv4(after), 4)], ['0.9000', '0.7000']);
    assert.equal(cvDropsEnough(before, after, fraction(1n, 5n)), true);
    assert.equal(cvDropsEnough(before, after, fraction(2n, 9n)), true);
    assert.equal(cvDropsEnough(before, after, fraction(2223n, 10_000n)), false);
  });

  test('exactly on the limit passes, without a root being taken', () => {
    const disease = spread(10_000n, 5_000n, 30);
    assert.equal(cvDropsEnough(disease, spread(10_000n, 4_000n, 5), fraction(1n, 5n)), true);
    assert.equal(cvDropsEnough(disease, spread(10_000n, 4_001n, 5), fraction(1n, 5n)), false);
    // a disease without any spread cannot lose some of it
    assert.equal(cvDropsEnough(spread(10_000n, 0n, 30), spread(9_000n, 0n, 5), fraction(1n, 5n)), false);
    assert.equal(cvDropsEnough(spread(10_000n, 0n, 30), spread(9_000n, 10n, 5), fraction(0n)), true);
  });

  test('severe 1.6 and eight to fourteen days of intensive care 2.2: the higher one counts', () => {
    const disease = spread(1_000_000n, 900_000n, 30);
    const severe = triggerOf(1, typeOf('severe'), disease, spread(1_600_000n, 100n, 6), POLICY);
    const icu = triggerOf(1, typeOf('icu-8-14'), disease, spread(2_200_000n, 100n, 2), POLICY);
    assert.deepEqual([severe.verdict, icu.verdict], ['triggered', 'triggered']);
    assert.deepEqual(
      [severe, icu].map(({ coefficient }) => scaledText(roundTo(coefficient, 4), 4)),
      ['1.6000', '2.2000'],
    );
    assert.equal(adjustmentCoefficient4(icu.ofType, disease), 22_000n);
  });

  test('cases must exceed both limits; those of looser families are their own', () => {
    const small = spread(1_000_000n, 900_000n, 25);
    const ten = spread(1_600_000n, 100n, 5);
    const verdict = (code: string, disease: CostStatistic, ofType: CostStatistic) =>
      triggerOf(1, typeOf(code), disease, ofType, POLICY).verdict;
    assert.equal(verdict('severe', small, ten), 'few-disease-cases');
    assert.equal(verdict('icu-2-7', small, ten), 'triggered');
    assert.equal(verdict('severe', spread(1_000_000n, 900_000n, 26), ten), 'triggered');
    assert.equal(
      verdict('severe', spread(1_000_000n, 900_000n, 26), spread(1_600_000n, 100n, 4)),
      'few-type-cases',
    );
    assert.equal(
      verdict('severe', spread(1_000_000n, 900_000n, 26), spread(1_600_000n, 1_300_000n, 5)),
      'small-cv-drop',
    );
  });

  test('the share of adjusted cases takes the highest coefficients first', () => {
    const disease = spread(1_000_000n, 900_000n, 30);
    const triggers = [
      triggerOf(1, typeOf('severe'), disease, spread(1_600_000n, 100n, 6), POLICY),
      triggerOf(1, typeOf('moderate'), disease, spread(1_300_000n, 100n, 6), POLICY),
      triggerOf(1, typeOf('icu-8-14'), disease, spread(2_200_000n, 100n, 2), POLICY),
    ];
    const verdicts = (share: ReturnType<typeof fraction>) =>
      limitShare(triggers, 100n, share).map(({ verdict }) => verdict);
    assert.deepEqual(verdicts(fraction(1n)), ['triggered', 'triggered', 'triggered']);
    assert.deepEqual(verdicts(fraction(28n, 100n)), ['triggered', 'triggered', 'triggered']);
    assert.deepEqual(verdicts(fraction(16n, 100n)), ['triggered', 'share-limit', 'triggered']);
    assert.deepEqual(verdicts(fraction(15n, 100n)), ['share-limit', 'share-limit', 'triggered']);
  });

  test('the spread that people read is the root cut off after four decimals', () => {
    const three = statistic([1n, 2n, 3n]);
    assert.equal(scaledText(cv4(three), 4), '0.4082');
  });
});

describe('a definition of types', () => {
  const refuse = (text: string): string[] => {
    const folder = mkdtempSync(join(tmpdir(), 'yibao-types-'));
    try {
      writeFileSync(join(folder, 'types.yaml'), text);
      readTypeDefinition('types.yaml', folder);
      return [];
    } catch (error) {
      assert.ok(error instanceof YibaoError);
      return error.problems.map(
        ({ definition, file, row, field }) => `${definition.code} ${file}:${row} ${field ?? ''}`,
      );
    } finally {
      rmSync(folder, { recursive: true });
    }
  };

  test('may be a file of the area folder, and what is wrong with it is named with its line', () => {
    const sound =
      'families:\n  stay:\n    title: {zh: 天数, en: days}\n    types:\n      long: {title: {zh: 长, en: long}, when: {length_of_stay: {from: 30}}}\n';
    assert.deepEqual(refuse(sound), []);
    assert.deepEqual(
      refuse('families: [1\n').map((each) => each.split(' ')[0]),
      ['typing.not-yaml'],
    );
    assert.deepEqual(refuse(sound.replace('{from: 30}', '{from: thirty}')), [
      'typing.bad-definition types.yaml:5 families.stay.types.long.when.length_of_stay',
    ]);
    assert.deepEqual(refuse(sound.replace('length_of_stay', 'length')), [
      'typing.bad-definition types.yaml:5 families.stay.types.long.when.length',
    ]);
    assert.deepEqual(refuse(sound.replace('    title: {zh: 天数, en: days}\n', '')), [
      'typing.bad-definition types.yaml:2 families.stay.title',
    ]);
    assert.deepEqual(refuse('families: {}\n'), ['typing.bad-definition types.yaml:1 families']);
  });

  test('that is nowhere, and lists that are nowhere, are refused with the known names', () => {
    assert.throws(() => readTypeDefinition('none', 'no-folder'), /typing\.unknown-definition|none/);
    assert.throws(
      () => dictionaryOf(known().definition, []),
      (error) =>
        error instanceof YibaoError &&
        error.problems.map(({ value }) => value).join() === 'cci,moderate,severe',
    );
  });
});
