import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { parse } from 'yaml';
import { Engine } from '#engine/duckdb.ts';
import { checkLists } from './index.ts';

type Nodes = Record<string, unknown> & { setlinfo?: Record<string, string> };
type Case = {
  name: string;
  check: string;
  given: Nodes;
  others?: Nodes[];
  settled?: { total: string };
  grouping?: string;
  expect: 'pass' | 'fail' | 'not applicable';
  field?: string;
};

const types = readdirSync(import.meta.dirname, { withFileTypes: true })
  .filter(
    (entry) =>
      entry.isDirectory() && readdirSync(join(import.meta.dirname, entry.name)).includes('checks.yaml'),
  )
  .map(({ name }) => name);
const cases = types.flatMap((type) =>
  (parse(readFileSync(join(import.meta.dirname, type, `${type}.cases.yaml`), 'utf8')) as Case[]).map(
    (each) => ({ ...each, type }),
  ),
);

/** One area for all cases: each case is a list of an institution of its own, so that verdicts can be told apart. */
function writeCases(folder: string): void {
  mkdirSync(join(folder, 'national_form'), { recursive: true });
  mkdirSync(join(folder, 'settlement_lists'));
  const write = (name: string, lines: readonly string[]) =>
    writeFileSync(join(folder, name), `${lines.join('\n')}\n`);
  const messages: string[] = [];
  const institutions = [
    'fixmedins_code,name,active_from,active_to',
    'H00000000902,某院,,2024-12-31',
    'H00000000903,某院,,2024-12-31',
  ];
  const settled = [
    'setl_id,fixmedins_code,psn_no,insutype,gend,age,adm_time,dscg_time,dscg_way,medfee_sumamt,fund_pay_sumamt,diagnoses,procedures',
  ];
  const grouping = ['setl_id,kind'];
  for (const [index, { given, others = [], settled: settlement, grouping: kind }] of cases.entries()) {
    for (const [place, nodes] of [given, ...others].entries()) {
      const setlId = `C${index}-${place}`;
      const code = `H${String(index).padStart(8, '0')}${String(place).padStart(3, '0')}`;
      const setlinfo = { setl_id: setlId, fixmedins_code: code, psn_no: `P${setlId}`, ...nodes.setlinfo };
      messages.push(JSON.stringify({ infno: '4101', input: { ...nodes, setlinfo } }));
      institutions.push(`${code},第${index}院,,`);
      if (place === 0 && settlement) {
        settled.push(
          `${setlId},${code},P${setlId},310,1,50,2025-03-01,2025-03-05,1,${settlement.total},0,I10.x00,`,
        );
      }
      if (place === 0 && kind) grouping.push(`${setlId},${kind}`);
    }
  }
  write('area.yaml', ['area: "990200"', 'name: 试算市', 'profile: reference']);
  write('national_form/lists.jsonl', messages);
  write('settlement_lists/settled.csv', settled);
  write('institutions.csv', institutions);
  write('grouping.csv', grouping);
  write('procedures.csv', ['oprn_oprt_code,attribute', '47.0100,surgery', '96.7201,therapeutic']);
  write('diagnosis_codes.csv', [
    'code,name,valid_from,valid_to,principal',
    'I10.x00,特发性高血压,,,1',
    'J18.900,肺炎,,,1',
    'J18.100,大叶性肺炎,2020-01-01,2024-12-31,1',
    'W19.900,未特指的跌倒,,,0',
  ]);
  write('bed_prices.csv', ['fixmedins_code,lowest,highest', '*,20.00,60.00']);
  write('code_lists.csv', ['list,code', 'cc,E11.900']);
  write('procedure_codes.csv', ['code,name,day_surgery', '47.0100,阑尾切除术,0']);
}

describe('hand-written lists', () => {
  const folder = mkdtempSync(join(tmpdir(), 'yibao-cases-'));
  let engine: Engine;
  before(async () => {
    writeCases(folder);
    engine = await Engine.open();
    await checkLists(engine, { areaFolder: folder });
  });
  after(() => {
    engine.close();
    rmSync(folder, { recursive: true });
  });

  for (const type of types) {
    test(`${type} has a case that passes and one that fails`, () => {
      const verdicts = cases.filter((each) => each.type === type).map(({ expect }) => expect);
      assert.ok(verdicts.includes('pass') && verdicts.includes('fail'));
    });
  }

  for (const [index, { type, name, check, given, expect, field }] of cases.entries()) {
    test(`${type}, ${check}: ${name}`, async () => {
      const code = given.setlinfo?.fixmedins_code ?? `H${String(index).padStart(8, '0')}000`;
      const verdict = await engine.row(
        'SELECT sum(passed) AS passed, sum(failed) AS failed, sum(not_applicable) AS na FROM check_institution_result WHERE check_id = ? AND fixmedins_code = ?',
        [check, code],
      );
      const found =
        Number(verdict.failed) > 0 ? 'fail' : Number(verdict.passed) > 0 ? 'pass' : 'not applicable';
      const findings = await engine.rows(
        'SELECT field, value, reason, remedy FROM finding_result WHERE check_id = ? AND fixmedins_code = ?',
        [check, code],
      );
      assert.equal(found, expect, JSON.stringify(findings));
      assert.equal(findings.length > 0, expect === 'fail');
      if (field !== undefined)
        assert.ok(
          findings.some((row) => row.field === field),
          JSON.stringify(findings),
        );
      for (const { reason, remedy } of findings) assert.doesNotMatch(`${reason}${remedy}`, /\{\w+\}/);
    });
  }
});
