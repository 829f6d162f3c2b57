/** The small files of the area folder: everything but the settlement lists. */
import { copyFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { scaledText } from '#kernel/fraction.ts';
import { yuanText } from '#kernel/money.ts';
import type { Claims } from './claims.ts';
import { writeCsv } from './text.ts';
import { AREA_CODE, AREA_NAME, type World } from './world.ts';

/** Fund money of the year per thousand of what the lists claim from it: what assessment keeps back is about what is added here. */
const BUDGET_PER_MILLE = { 310: 1020n, 390: 1020n } as const;
/** Budgets are whole ten thousands of yuan. */
const BUDGET_UNIT = 1_000_000n;

export function writeAreaFiles(folder: string, world: World, profile: string): void {
  const write = (file: string, rows: readonly (readonly (string | number)[])[]) =>
    writeFileSync(join(folder, file), writeCsv(rows));
  writeFileSync(
    join(folder, 'area.yaml'),
    `# 演示统筹地区，地名、机构、人员均为虚构 · an invented pooling area: no place, institution or person is real\narea: "${AREA_CODE}"\nname: ${AREA_NAME}\nprofile: ${profile}\n`,
  );
  write('institutions.csv', [
    ['fixmedins_code', 'name', 'level', 'county', 'speciality'],
    ...world.institutions.map((row) => [row.code, row.name, row.level, row.county, row.speciality]),
  ]);
  write('procedures.csv', [
    ['oprn_oprt_code', 'attribute', 'name'],
    ...world.procedures
      .filter((row) => row.attribute !== '')
      .map((row) => [row.code, row.attribute, row.name]),
  ]);
  write('primary_care_groups.csv', [['group_code'], ...primaryCareGroups(world).map((code) => [code])]);
  const names = [...world.diagnoses, ...world.procedures].map((row): [string, string] => [
    row.code,
    row.name,
  ]);
  write('code_names.csv', [['code', 'name'], ...names.sort(([a], [b]) => (a < b ? -1 : 1))]);
  // invented lists for auxiliary typing, read only where a policy has it
  copyFileSync(join(import.meta.dirname, 'diagnosis_lists.csv'), join(folder, 'diagnosis_lists.csv'));
}

/** Common and cheap conditions that a township institution can treat without procedures. */
function primaryCareGroups(world: World): string[] {
  const TIER_MOST = 2;
  const YUAN_MOST = 5_500;
  const COMMON_ADMISSIONS = 120;
  return world.diagnoses
    .filter(
      (row) =>
        row.tier <= TIER_MOST &&
        row.cost <= YUAN_MOST &&
        row.admissions.reduce((sum, weight) => sum + weight, 0) >= COMMON_ADMISSIONS,
    )
    .map((row) => row.code.slice(0, 5))
    .sort();
}

/** Writes budget.csv and institution_year.csv of the current year. */
export function writeBudget(folder: string, world: World, claims: Claims, year: number): void {
  const budgets = ([310, 390] as const).map((insutype) => {
    const budget = (claims.total(insutype, 'fund') * BUDGET_PER_MILLE[insutype]) / 1000n;
    return [year, insutype, yuanText((budget / BUDGET_UNIT) * BUDGET_UNIT)];
  });
  writeFileSync(join(folder, 'budget.csv'), writeCsv([['year', 'insutype', 'budget'], ...budgets]));

  const behaviourOf = new Map(world.institutions.map((row) => [row.code, row.behaviour]));
  const header = [
    'year',
    'fixmedins_code',
    'insutype',
    'assessment_coefficient',
    'audit_deduction',
    'advance_paid',
  ];
  const rows = claims.sorted().map((row) => {
    const misbehaves = behaviourOf.get(row.institutionCode) !== '';
    // 0.950 … 1.000 in steps of 0.005, misbehaving institutions 0.850 … 0.900
    const coefficient = BigInt((misbehaves ? 850 : 950) + (row.lot % 11) * 5);
    const deductedPerMille = BigInt(misbehaves ? 15 + (row.lot % 20) : row.lot % 4);
    // half a month's fund money in hundreds of yuan
    const advance = (row.fund / 24n / 10_000n) * 10_000n;
    return [
      year,
      row.institutionCode,
      row.insutype,
      scaledText(coefficient, 3),
      yuanText((row.fund * deductedPerMille) / 1000n),
      yuanText(advance),
    ];
  });
  writeFileSync(join(folder, 'institution_year.csv'), writeCsv([header, ...rows]));
}
