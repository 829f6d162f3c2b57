import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { type Answer, CALL_PATH, list4101A, message } from './support/hospital-service.ts';
import { addUser, ask, jobEnd, startService } from './support/service.ts';

const A = 'H99010100001';

describe('a hospital and the agency on one year', () => {
  let service: Awaited<ReturnType<typeof startService>>;
  let clerk: string;
  before(async () => {
    service = await startService();
    clerk = await addUser(service, 'clerk');
    const demo = { method: 'POST', url: '/api/areas/demo', body: { areaId: 'demo', lists: 4000 } };
    assert.equal((await jobEnd(service, (await ask(service, clerk, demo)).json().jobId)).state, 'done');
  });
  after(() => service.close());

  const settle = async (): Promise<number> => {
    const started = await ask(service, clerk, {
      method: 'POST',
      url: '/api/runs',
      body: { areaId: 'demo', year: 2025 },
    });
    const job = await jobEnd(service, started.json().jobId);
    assert.equal(job.state, 'done', JSON.stringify(job.problems));
    return started.json().runId;
  };
  const send = async (infno: string, input: unknown): Promise<Answer> => {
    const payload = JSON.stringify(message(infno, input, { fixmedins_code: A, mdtrtarea_admvs: '990100' }));
    const answer = await service.server.inject({
      method: 'POST',
      url: CALL_PATH,
      payload,
      headers: { 'content-type': 'text/plain' },
    });
    assert.equal(answer.statusCode, 200, answer.body);
    return answer.json();
  };
  const cases = async (run: number, filter: string) => {
    const answer = await ask(service, clerk, { url: `/api/runs/${run}/cases?${filter}` });
    assert.equal(answer.statusCode, 200, answer.body);
    return answer.json() as { total: number; rows: { setl_id: string; group_code: string }[] };
  };
  /** The result once quality control and grouping have been through. */
  const result = async (infno: string, setlId: string) => {
    for (let tries = 0; tries < 300; tries++) {
      const input = { data: { setl_ym: '202503', setl_id: setlId, page_num: 1, page_size: 10 } };
      const { output, err_msg } = await send(infno, input);
      assert.equal(err_msg, '');
      const rows = (Array.isArray(output) ? output : output.data) as Record<string, unknown>[];
      if (rows.length > 0) return rows[0]!;
      await wait(200);
    }
    throw new Error(`no result of ${setlId}`);
  };

  /** The review of an application that came through the interface, told through the interface. */
  const reviewOf = async (id: string): Promise<void> => {
    for (const role of ['reviewer', 'head'] as const) await addUser(service, role);
    const experts: string[] = [];
    for (const code of ['H99010100002', 'H99010100003', 'H99010100004']) {
      experts.push(await addUser(service, 'expert', code));
    }
    const step = async (login: string, action: string, more: object = {}) => {
      const url = `/api/approvals/${id}/steps`;
      const answer = await ask(service, login, { method: 'POST', url, body: { action, ...more } });
      assert.equal(answer.statusCode, 200, answer.body);
      return answer.json();
    };
    const [application] = (await send('3601', { data: { setl_id: 'NEW1' } })).output.data as Record<
      string,
      string
    >[];
    const change = (more: object) =>
      send('3603', {
        data: { appy_chk_setl_list_id: application!.appy_chk_setl_list_id, setl_id: 'NEW1', ...more },
      });
    const opinions = async () =>
      (
        (await send('3604', { data: { setl_id: 'NEW1' } })).output as {
          appy_chk_opnn_evt_list: { opnn: string }[];
        }
      ).appy_chk_opnn_evt_list;
    assert.deepEqual(await opinions(), []);
    await step(clerk, 'return', { reason: '缺病程记录' });
    assert.equal((await opinions())[0]!.opnn, '缺病程记录');
    const changed = await change({ exit_rea: '费用过高，附病程记录' });
    assert.equal(changed.infcode, 0, changed.err_msg);
    const again = (await ask(service, clerk, { url: `/api/approvals/${id}` })).json();
    assert.deepEqual([again.approval.state, again.content.reason], ['applied', '费用过高，附病程记录']);
    await step(clerk, 'assign', { content: { experts } });
    const tooLate = await change({ vali_flag: '0', exit_rea: '撤销' });
    assert.equal(tooLate.infcode, -1);
    for (const login of experts) {
      const body = { vote: 'pass', grant: 'cost', reason: '属实' };
      const said = await ask(service, login, { method: 'POST', url: `/api/approvals/${id}/opinion`, body });
      assert.equal(said.statusCode, 200, said.body);
    }
    await step('reviewer', 'decide', { reason: '一致' });
    await step('head', 'confirm');
    // not told before it is published
    assert.equal((await opinions()).length, 1);
    await step(clerk, 'publish');
    assert.equal((await opinions())[1]!.opnn, '通过，按项目付费');
    const [told] = (await send('3601', { data: { setl_id: 'NEW1' } })).output.data as Record<
      string,
      string
    >[];
    assert.equal(told!.rchk_flag, '1');
  };

  test('lists are uploaded, checked, grouped as the settled year groups, and settled once', async () => {
    const first = await settle();
    const before = await cases(first, `fixmedins_code=${A}&size=1`);
    const example = before.rows[0]!;
    await wait(1500); // the institutions of a new area are known within a second

    const around = { insutype: '310', medfee_sumamt: '8000.00', fund_pay_sumamt: '6000.00' };
    const list = { ...list4101A('NEW1', { gend: '1', age: '60' }), ...around, oprninfo: [] };
    const uploaded = await send('4101A', list);
    assert.equal(uploaded.infcode, 0, uploaded.err_msg);
    // the same settlement as one the area folder has already
    assert.equal(
      (await send('4101A', { ...list, setlinfo: { ...list.setlinfo, setl_id: example.setl_id } })).infcode,
      0,
    );
    // one that says nothing of money: it is refused alone, in the settlement
    assert.equal((await send('4101A', list4101A('BARE'))).infcode, 0);
    for (const setl_id of ['NEW1', example.setl_id, 'BARE']) {
      const psn_no = setl_id === 'BARE' ? 'PBARE' : 'PNEW1';
      const submitted = await send('4102', { data: { psn_no, setl_id, stas_type: '1' } });
      assert.equal(submitted.infcode, 0, submitted.err_msg);
    }
    const group = await result('3606', 'NEW1');
    assert.equal(group.grp_stas, '1', JSON.stringify(group));
    const quality = await result('4104', 'NEW1');
    assert.ok(Array.isArray(quality.detailinfo));
    // a special case applied for before its list is settled waits for the settlement
    const apply = (setl_id: string, exit_rea: string) =>
      send('3602', { data: { setl_id, exit_type: '1', exit_rea, fixmedins_code: A } });
    const early = await apply(example.setl_id, '住院时间过长');
    // what quality control returned is rejected: corrected or not, the hospital submits it again
    if (quality.retn_flag === '1') {
      const again = await send('4102', { data: { psn_no: 'PNEW1', setl_id: 'NEW1', stas_type: '1' } });
      assert.equal(again.infcode, 0, again.err_msg);
    }

    const reviews = async () =>
      (await ask(service, clerk, { url: '/api/approvals?kind=special_case&sort=subject' })).json().rows as {
        id: string;
        subject: string;
        state: string;
      }[];
    assert.deepEqual(await reviews(), []);
    const second = await settle();
    const own = await cases(second, 'setl_id=NEW1');
    assert.equal(own.rows[0]?.group_code, group.dip_dise_grp_code);
    assert.equal((await cases(second, `fixmedins_code=${A}&size=1`)).total, before.total + 1);
    assert.equal((await cases(second, `setl_id=${example.setl_id}`)).total, 1);
    const late = await apply('NEW1', '费用过高');
    assert.equal(late.infcode, 0, late.err_msg);
    const waiting = await reviews();
    const isEarly = early.infcode === 0;
    assert.deepEqual(
      waiting.map(({ subject, state }) => [subject, state]).toSorted(),
      [`demo/2025/NEW1`, ...(isEarly ? [`demo/2025/${example.setl_id}`] : [])]
        .map((one) => [one, 'applied'])
        .toSorted(),
    );
    await reviewOf(waiting.find(({ subject }) => subject.endsWith('/NEW1'))!.id);
    const explained = await ask(service, clerk, { url: `/api/runs/${second}/cases/NEW1/explanation` });
    assert.equal(explained.statusCode, 200, explained.body);
  });
});
