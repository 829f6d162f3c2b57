import type { AreaTables } from '#catalogue/area-tables.ts';
import type { Engine } from '#engine/duckdb.ts';
import { runScript, sourceFile } from '#engine/sql-file.ts';
import { type AreaHeader, loadPolicyRows, type Policy } from '#policy/index.ts';
import { institutionClasses } from './points/institution-class.ts';

/** The macros that every SQL file may use, and the policy as rows. */
export async function loadMacrosAndPolicy(engine: Engine, policy: Policy): Promise<void> {
  await runScript(engine, sourceFile('engine/macros/exact.sql'));
  await runScript(engine, sourceFile('engine/macros/intake.sql'));
  await loadPolicyRows(engine, policy);
}

export async function loadBudgets(engine: Engine, tables: AreaTables): Promise<void> {
  await engine.append(
    'budget',
    tables.budgets.map((row) => [row.year, row.scheme, row.budgetFen]),
  );
}

/** Makes the tables that come from the area folder and what the policy makes of its institutions. */
export async function loadAreaTables(
  engine: Engine,
  tables: AreaTables,
  area: AreaHeader,
  policy: Policy,
  year: number,
): Promise<void> {
  await runScript(engine, sourceFile('catalogue/area_tables.sql'));
  await runScript(engine, sourceFile('catalogue/case_tables.sql'));
  await engine.append('area_info', [[area.code, area.name, year, area.profile]]);
  const numberOf = new Map(
    tables.institutions.map((institution, index) => [institution.fixmedinsCode, index]),
  );
  const classOf = new Map(
    institutionClasses(tables, policy).flatMap(({ classNo, institutions }) =>
      institutions.map(({ fixmedinsCode }) => [fixmedinsCode, classNo] as const),
    ),
  );
  await engine.append(
    'institution',
    tables.institutions.map((row) => [
      numberOf.get(row.fixmedinsCode)!,
      row.fixmedinsCode,
      row.name,
      row.level,
      classOf.get(row.fixmedinsCode)!,
    ]),
  );
  await engine.run(
    'CREATE TYPE institution_code AS ENUM (SELECT fixmedins_code FROM institution ORDER BY institution_no)',
  );
  await engine.append('procedure', tables.procedures);
  await engine.append(
    'institution_year',
    tables.institutionYears.map((row) => [
      row.year,
      numberOf.get(row.fixmedinsCode)!,
      row.scheme,
      row.assessmentCoefficient8,
      row.auditDeductionFen,
      row.advancePaidFen,
    ]),
  );
  await engine.append('code_name', tables.codeNames);
  for (const [table, rows] of tables.cases.rows) await engine.append(table, rows);
  const historyYears = policy.integers('score.year_weights').length;
  await engine.append('settlement_year', [[year, year - historyYears]]);
}
