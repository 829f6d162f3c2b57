import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { parse } from 'yaml';
import type { ProcedureAttribute } from '#catalogue/area-tables.ts';
import { Engine } from '#engine/duckdb.ts';
import { makeTable, runScript } from '#engine/sql-file.ts';
import { parseDecimal, roundTo } from '#kernel/fraction.ts';
import { assignGroup, type CoreGroup, caseKeys, type KeyPolicy } from './assign-group.ts';

type Case = {
  readonly name: string;
  readonly given: { readonly diagnosis: string; readonly procedures: string };
  readonly expect: {
    readonly step: string;
    readonly group?: string;
    readonly full_key?: string;
    readonly comprehensive_key?: string;
  };
};
const folder = import.meta.dirname;
const file = parse(readFileSync(join(folder, 'assign-group.cases.yaml'), 'utf8')) as {
  readonly procedures: Readonly<Record<string, ProcedureAttribute>>;
  readonly core_groups: Readonly<Record<string, string>>;
  readonly comprehensive_groups: readonly string[];
  readonly cases: readonly Case[];
};

const KEYS: KeyPolicy = {
  coreDiagnosisLength: 5,
  comprehensiveDiagnosisLength: 3,
  comprehensiveClass: { surgery: '4', intervention: '4', therapeutic: '3', diagnostic: '2', none: '1' },
};
const coreGroups = Object.entries(file.core_groups).map(
  ([groupCode, score]): CoreGroup => ({
    groupCode,
    procedures: groupCode.split('+').slice(1),
    score4: roundTo(parseDecimal(score)!, 4),
  }),
);

describe('one case in TypeScript', () => {
  for (const { name, given, expect } of file.cases) {
    test(name, () => {
      const keys = caseKeys(
        given.diagnosis,
        given.procedures,
        new Map(Object.entries(file.procedures)),
        KEYS,
      );
      const own = coreGroups.filter((group) => group.groupCode.split('+')[0] === keys.coreDiagnosis);
      const assignment = assignGroup(keys, own, new Set(file.comprehensive_groups));
      assert.equal(assignment.step, expect.step);
      assert.equal(assignment.groupCode, expect.group);
      if (expect.full_key) assert.equal(keys.fullKey, expect.full_key);
      if (expect.comprehensive_key) assert.equal(keys.comprehensiveKey, expect.comprehensive_key);
      const chosen = assignment.candidates.filter((candidate) => candidate.verdict === 'chosen');
      assert.deepEqual(
        chosen.map((candidate) => candidate.groupCode),
        assignment.kind === 'core' ? [expect.group] : [],
      );
    });
  }
});

describe('the same cases in SQL', () => {
  let engine: Engine;
  before(async () => {
    engine = await Engine.open();
    await runScript(engine, join(folder, '..', '..', 'catalogue', 'area_tables.sql'));
    await engine.run(`
      CREATE TABLE policy_value (parameter VARCHAR, value VARCHAR, scaled BIGINT);
      CREATE TABLE signature (signature_no INTEGER, diagnosis VARCHAR, procedures VARCHAR);
      CREATE TABLE core_group (group_code VARCHAR, core_diagnosis VARCHAR, eligible_procedures VARCHAR, procedure_count BIGINT)`);
    await engine.append('policy_value', [
      ['grouping.core_diagnosis_length', '5', 5],
      ['grouping.comprehensive_diagnosis_length', '3', 3],
      ...Object.entries(KEYS.comprehensiveClass).map(([name, value]) => [
        `comprehensive.class.${name}`,
        value,
        value,
      ]),
    ]);
    await engine.append('procedure', Object.entries(file.procedures));
    await engine.append(
      'core_group',
      coreGroups.map((group) => [
        group.groupCode,
        group.groupCode.split('+')[0]!,
        group.procedures.join('+') || null,
        group.procedures.length,
      ]),
    );
    await engine.append(
      'signature',
      file.cases.map(({ given }, index) => [index, given.diagnosis.slice(0, 5), given.procedures]),
    );
    await engine.append(
      'group_score',
      coreGroups.map((group, index) => [index + 1, group.groupCode, 'core', 15, 0, group.score4]),
    );
    for (const table of ['procedure_code', 'signature_key', 'nearest_core_group'])
      await makeTable(engine, join(folder, `${table}.sql`));
    await engine.append(
      'group_score',
      file.comprehensive_groups.map((code, index) => [100 + index, code, 'comprehensive', 1, 0, 1]),
    );
    await makeTable(engine, join(folder, 'signature_group.sql'));
  });
  after(() => engine.close());

  for (const [index, { name, expect }] of file.cases.entries()) {
    test(name, async () => {
      const row = await engine.row(
        `SELECT k.full_key, k.comprehensive_key, s.group_code
         FROM signature_key AS k
         JOIN signature_group AS g ON g.signature_no = k.signature_no
         LEFT JOIN group_score AS s ON s.group_no = g.group_no
         WHERE k.signature_no = ?`,
        [index],
      );
      assert.equal(row.group_code ?? undefined, expect.group);
      if (expect.full_key) assert.equal(row.full_key, expect.full_key);
      if (expect.comprehensive_key) assert.equal(row.comprehensive_key, expect.comprehensive_key);
    });
  }
});
