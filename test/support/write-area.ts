import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { OracleArea, OracleList } from './oracle.ts';

const LIST_HEADER =
  'setl_id,fixmedins_code,psn_no,insutype,gend,age,nwb_age,nwb_adm_wt,adm_time,dscg_time,dscg_way,medfee_sumamt,fund_pay_sumamt,diagnoses,procedures';

/** What a list may say beside what the reference profile reads. */
export type ListFacts = {
  readonly psn_no?: string;
  readonly gend?: string;
  readonly age?: string;
  readonly dscg_way?: string;
};

const listRow = (list: OracleList & ListFacts): string =>
  [
    list.setl_id,
    list.fixmedins_code,
    list.psn_no ?? 'P1',
    list.insutype,
    list.gend ?? '1',
    list.age ?? '50',
    '',
    '',
    list.adm_time,
    list.dscg_time,
    list.dscg_way ?? '1',
    list.medfee_sumamt,
    list.fund_pay_sumamt,
    list.diagnoses,
    list.procedures,
  ].join(',');

const table = (header: string, rows: readonly string[]): string => `${[header, ...rows].join('\n')}\n`;

/** Writes an area as a new temporary folder and returns it. `files` says how many CSV files the lists are dealt to. */
export function writeArea(area: OracleArea, files = 1, profile = 'reference'): string {
  const folder = mkdtempSync(join(tmpdir(), 'yibao-area-'));
  mkdirSync(join(folder, 'settlement_lists'));
  const write = (name: string, text: string) => writeFileSync(join(folder, name), text);
  write('area.yaml', `area: "880100"\nname: 随机市\nprofile: ${profile}\n`);
  write(
    'institutions.csv',
    table(
      'fixmedins_code,name,level',
      area.institutions.map((row) => `${row.fixmedins_code},${row.name},${row.level}`),
    ),
  );
  write(
    'procedures.csv',
    table(
      'oprn_oprt_code,attribute',
      [...area.procedures].map((row) => row.join(',')),
    ),
  );
  write('primary_care_groups.csv', table('group_code', [...area.primaryCareGroups]));
  write(
    'budget.csv',
    table(
      'year,insutype,budget',
      area.budgets.map((row) => `${row.year},${row.insutype},${row.budget}`),
    ),
  );
  write(
    'institution_year.csv',
    table(
      'year,fixmedins_code,insutype,assessment_coefficient,audit_deduction,advance_paid',
      area.institutionYears.map((row) =>
        [
          row.year,
          row.fixmedins_code,
          row.insutype,
          row.assessment_coefficient,
          row.audit_deduction,
          row.advance_paid,
        ].join(','),
      ),
    ),
  );
  for (let file = 0; file < files; file += 1) {
    const rows = area.lists.filter((_, index) => index % files === file).map(listRow);
    write(`settlement_lists/${file}.csv`, table(LIST_HEADER, rows));
  }
  return folder;
}
