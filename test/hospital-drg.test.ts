import assert from 'node:assert/strict';
import { cpSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { caseOf } from '#grouping/drg/case-row.ts';
import { openScheme } from '#grouping/drg/index.ts';
import { interpretCase } from '#grouping/drg/interpret.ts';
import { DRG_YEAR, randomDrgArea } from './support/drg-area.ts';
import { type Answer, CALL_PATH, list4101A, message } from './support/hospital-service.ts';
import { addUser, ask, jobEnd, startService } from './support/service.ts';
import { writeArea } from './support/write-area.ts';

const { scheme } = openScheme('drg-teaching');
const area = randomDrgArea(31);
const A = area.institutions[0]!.fixmedins_code;
const B = area.institutions[1]!.fixmedins_code;
const LISTS = 6;

/** What the scheme says of a list, read step by step. */
const outcomeOf = (diagnoses: readonly string[], procedures: readonly string[]) =>
  interpretCase(
    scheme,
    caseOf(
      (field) => ({ sex: '1', age_years: '60', length_of_stay: '3', disposition: '1' })[field as 'sex'] ?? '',
      diagnoses.join('|'),
      procedures.join('|'),
    ),
  ).outcome;

describe('an area that is paid by DRG, seen by a hospital', () => {
  let service: Awaited<ReturnType<typeof startService>>;
  let clerk: string;
  before(async () => {
    service = await startService();
    clerk = await addUser(service, 'clerk');
    const folder = writeArea(area, 1, 'drg-reference');
    mkdirSync(join(service.dataFolder, 'inbox'), { recursive: true });
    cpSync(folder, join(service.dataFolder, 'inbox', 'drg'), { recursive: true });
    rmSync(folder, { recursive: true });
    const imported = await ask(service, clerk, {
      method: 'POST',
      url: '/api/areas/import',
      body: { areaId: 'drg', folder: 'drg' },
    });
    assert.equal(imported.statusCode, 202, imported.body);
    const job = await jobEnd(service, imported.json().jobId);
    assert.equal(job.state, 'done', JSON.stringify(job.problems));
    await wait(1500); // the institutions of a new area are known within a second
  });
  after(() => service.close());

  const send = async (infno: string, input: unknown, fixmedins_code = A): Promise<Answer> => {
    const payload = JSON.stringify(message(infno, input, { fixmedins_code, mdtrtarea_admvs: '880100' }));
    const answer = await service.server.inject({ method: 'POST', url: CALL_PATH, payload });
    assert.equal(answer.statusCode, 200, answer.body);
    return answer.json();
  };
  const rowsOf = async (infno: string, more: object = {}, by = A): Promise<Record<string, string>[]> => {
    const data = { setl_ym: `${DRG_YEAR}03`, page_num: 1, page_size: 100, ...more };
    const { output, err_msg } = await send(infno, { data }, by);
    assert.equal(err_msg, '');
    return Array.isArray(output) ? output : output.data;
  };
  const settle = async (): Promise<number> => {
    const started = await ask(service, clerk, {
      method: 'POST',
      url: '/api/runs',
      body: { areaId: 'drg', year: DRG_YEAR },
    });
    const job = await jobEnd(service, started.json().jobId);
    assert.equal(job.state, 'done', JSON.stringify(job.problems));
    return started.json().runId;
  };

  test('3605 says the group of each submitted list, without waiting for a settlement; 3606 has nothing to say', async () => {
    const own = area.lists.filter(({ dscg_time }) => dscg_time.startsWith(String(DRG_YEAR)));
    const isGrouped = (each: (typeof own)[number]) =>
      outcomeOf(each.diagnoses.split('|'), each.procedures === '' ? [] : [each.procedures]).status ===
      'grouped';
    const chosen = [...own.filter(isGrouped).slice(0, LISTS - 1), own.find((each) => !isGrouped(each))!];
    for (const [index, each] of chosen.entries()) {
      const id = `DRG${index}`;
      const dx = each.diagnoses.split('|');
      const list = {
        ...list4101A(id, { gend: '1', age: '60', dscg_way: '1' }),
        insutype: '310',
        medfee_sumamt: '8000.00',
        fund_pay_sumamt: '6000.00',
        diseinfo: dx.map((diag_code, at) => ({
          diag_type: '1',
          diag_code,
          diag_name: '诊断',
          adm_cond_type: '1',
          maindiag_flag: at === 0 ? '1' : '0',
        })),
        oprninfo:
          each.procedures === ''
            ? []
            : [
                {
                  oprn_oprt_type: '1',
                  oprn_oprt_name: '手术',
                  oprn_oprt_code: each.procedures,
                  oper_dr_code: 'D1',
                },
              ],
      };
      const uploaded = await send('4101A', list);
      assert.equal(uploaded.infcode, 0, uploaded.err_msg);
      const submitted = await send('4102', { data: { psn_no: `P${id}`, setl_id: id, stas_type: '1' } });
      assert.equal(submitted.infcode, 0, submitted.err_msg);
    }
    let rows = await rowsOf('3605');
    for (let tries = 0; rows.length < LISTS && tries < 300; tries++) {
      await wait(200);
      rows = await rowsOf('3605');
    }
    assert.equal(rows.length, LISTS);
    for (const [index, each] of chosen.entries()) {
      const row = rows.find(({ setl_id }) => setl_id === `DRG${index}`)!;
      const outcome = outcomeOf(each.diagnoses.split('|'), each.procedures === '' ? [] : [each.procedures]);
      assert.deepEqual(
        [row.drg_code, row.adrg_code, row.mdc_codg, row.grp_rslt, row.drg_name],
        [
          outcome.drg,
          outcome.adrg,
          outcome.mdc,
          outcome.status === 'grouped' ? '1' : '0',
          scheme.groups.get(outcome.drg) ?? '',
        ],
        JSON.stringify(row),
      );
      assert.equal(row.err_info === '', outcome.status === 'grouped');
      const [, second] = each.diagnoses.split('|');
      if (row.ccmcc !== '')
        assert.match(row.ccmcc!, new RegExp(`^(MCC|CC) ${second!.replaceAll('.', '\\.')}$`));
      assert.deepEqual(
        [row.grp_ver, row.drg_admdvs, row.setl_ym, row.fixmedins_code, row.psn_no, row.vali_flag],
        ['drg-teaching', '880100', `${DRG_YEAR}03`, A, `PDRG${index}`, '1'],
      );
      assert.match(row.grp_time!, /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/);
    }
    assert.deepEqual(await rowsOf('3606'), [], 'no list of the area has a DIP group');
    assert.deepEqual(await rowsOf('3605', {}, B), [], 'another hospital sees none of them');
    assert.equal((await rowsOf('3605', { setl_id: 'DRG0' })).length, 1);
    assert.equal((await rowsOf('3605', { page_num: 2, page_size: 4 })).length, LISTS - 4);
    assert.equal((await rowsOf('4104')).length, LISTS);
  });

  test('the year settles the lists in the groups that were told', async () => {
    const told = await rowsOf('3605');
    // what quality control returned is rejected: corrected or not, the hospital submits it again
    for (const row of await rowsOf('4104')) {
      if (row.retn_flag !== '1') continue;
      const again = await send('4102', {
        data: { psn_no: row.psn_no, setl_id: row.setl_id, stas_type: '1' },
      });
      assert.equal(again.infcode, 0, again.err_msg);
    }
    const run = await settle();
    let compared = 0;
    for (const row of told) {
      const answer = await ask(service, clerk, { url: `/api/runs/${run}/cases?setl_id=${row.setl_id}` });
      const [settled] = answer.json().rows as { group_code: string | null }[];
      if (row.grp_rslt === '1')
        assert.equal(settled?.group_code, row.drg_code, `${row.setl_id} ${answer.body}`);
      else assert.ok(settled === undefined || !scheme.groups.has(settled.group_code ?? ''), answer.body);
      compared += 1;
    }
    assert.equal(compared, LISTS);
  });
});
