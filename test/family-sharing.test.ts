import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { sql } from 'kysely';
import { importPersons, mergePersons, readPersonRows } from '#enrolment/index.ts';
import { verifyLedger } from '#fund/index.ts';
import { registerArea } from '#interface/index.ts';
import { CALL_PATH, HOSPITAL, message } from './support/hospital-service.ts';
import { addUser, ask, startService } from './support/service.ts';
import {
  AREA,
  CHILD,
  type Insured,
  ok,
  outpatientVisit,
  RESIDENT,
  RETIRED,
  settlementOf,
  WORKER,
} from './support/visit-service.ts';

const TODAY = Temporal.Now.plainDateISO('Asia/Shanghai');
const day = (days: number) => TODAY.add({ days }).toString();
const row = ({ psn_no, name, certno, insutype }: Insured, psnType: string, balance: string) =>
  [psn_no, name, certno, insutype, psnType, '2020-01-01', '', AREA, balance].join(',');
const PERSONS = [
  'psn_no,name,certno,insutype,psn_type,begndate,enddate,insuplc_admdvs,account_balance',
  row(WORKER, '11', '1000.00'),
  row(RETIRED, '12', '50.00'),
  row(RESIDENT, '15', ''),
  row(CHILD, '1402', ''),
].join('\n');

describe('family sharing, from the page to the settlement', () => {
  let service: Awaited<ReturnType<typeof startService>>;
  const files = new Map<string, number>();
  before(async () => {
    service = await startService();
    const { store } = service.services;
    await registerArea(store, { areaId: 'demo', areaCode: AREA }, [
      { fixmedinsCode: HOSPITAL, name: '第一医院', level: '2' },
    ]);
    await importPersons(store, readPersonRows(PERSONS, 'p.csv'), 'p.csv', Temporal.Now.instant());
    for (const role of ['clerk', 'reviewer', 'bureau'] as const) await addUser(service, role);
    for (const { psn_no } of [WORKER, CHILD, RESIDENT]) await addUser(service, 'person', psn_no);
    const { rows } = await sql<{
      psn_no: string;
      file: number;
    }>`SELECT psn_no, file_number AS file FROM person`.execute(store);
    for (const { psn_no, file } of rows) files.set(psn_no, file);
  });
  after(() => service.close());

  const OWNER = `person-${WORKER.psn_no}`;
  const post = (login: string, url: string, body: unknown) =>
    ask(service, login, { method: 'POST', url, body });
  const part = async (login: string, url: string) => (await ask(service, login, { url })).json().rows;
  const send: Parameters<typeof outpatientVisit>[0] = async (infno, input, header) => {
    const payload = message(infno, input, { mdtrtarea_admvs: AREA, ...header });
    return (await service.server.inject({ method: 'POST', url: CALL_PATH, payload })).json();
  };
  /** A visit of today, paid from the accounts as far as they may be used. */
  const visit = async (person: Insured) => {
    const mdtrtId = await outpatientVisit(send, person, day(0), [{ yuan: '100', sn: '1' }]);
    const { setlinfo } = ok(
      await send('2207', settlementOf(person, mdtrtId, '100', { acct_used_flag: '2' })),
    );
    return {
      ...setlinfo,
      undo: { data: { setl_id: setlinfo.setl_id, mdtrt_id: mdtrtId, psn_no: person.psn_no } },
    };
  };
  const balance = async (psnNo: string) =>
    (
      await sql<{
        fen: number;
      }>`SELECT balance_fen AS fen FROM personal_account WHERE psn_no = ${psnNo}`.execute(
        service.services.store,
      )
    ).rows[0]?.fen ?? 0;
  const form = (person: Insured, more: object = {}) => ({
    ...{ name: person.name, certno: person.certno, relation: 'child', begndate: day(0) },
    ...more,
  });
  const refused = async (login: string, url: string, body: unknown, field: string, text: RegExp) => {
    const answer = await post(login, url, body);
    assert.ok(answer.statusCode >= 400, answer.body);
    const [problem] = answer.json().problems;
    assert.equal(problem.field, field, answer.body);
    assert.match(problem.message, text);
  };

  test('what is wrong with it is said at its field', async () => {
    const own = '/api/own-file/sharings';
    await refused(OWNER, own, form(CHILD, { name: '别人' }), 'certno', /都相符/);
    await refused(OWNER, own, form(WORKER), 'certno', /本人/);
    await refused(OWNER, own, form(CHILD, { begndate: day(-1) }), 'begndate', /不早于/);
    await refused(OWNER, own, form(CHILD, { enddate: day(-1) }), 'enddate', /不早于/);
    await refused(OWNER, own, form(CHILD, { relation: 'friend' }), 'body.relation', /./);
    // who is in the residents' scheme has no account to share
    await refused(`person-${RESIDENT.psn_no}`, own, form(CHILD), 'begndate', /不在职工医保/);
    const agency = `/api/persons/${files.get(WORKER.psn_no)}/sharings`;
    const body = { userFile: files.get(CHILD.psn_no), relation: 'child', begndate: day(0) };
    assert.equal((await post('bureau', agency, body)).statusCode, 403);
    assert.equal((await post('clerk', agency, { ...body, userFile: 9_999 })).statusCode, 404);
  });

  test('the member pays nothing from it before, all of it afterwards, and a reversal gives back to the fen', async () => {
    const before = await visit(CHILD);
    assert.equal(before.acct_pay, '0.00');
    ok(await send('2208', before.undo));
    const made = await post(OWNER, '/api/own-file/sharings', form(CHILD));
    assert.equal(made.statusCode, 201, made.body);
    await refused(
      OWNER,
      '/api/own-file/sharings',
      form(CHILD, { begndate: day(3) }),
      'begndate',
      /已从 .* 起共济/,
    );
    assert.equal(await balance(WORKER.psn_no), 100_000);
    const shared = await visit(CHILD);
    assert.notEqual(shared.acct_mulaid_pay, '0.00');
    assert.equal(shared.acct_mulaid_pay, shared.psn_part_amt);
    assert.equal(shared.psn_cash_pay, '0.00');
    const paidFen = Math.round(Number(shared.acct_mulaid_pay) * 100);
    assert.equal(await balance(WORKER.psn_no), 100_000 - paidFen);
    // the owner sees what the account paid, the member whose account it was
    const movements = await part(OWNER, '/api/own-file/movements');
    assert.equal(movements[0].change_fen, -paidFen);
    const [mine] = await part(OWNER, '/api/own-file/sharing');
    assert.deepEqual(
      [mine.direction, mine.relation, mine.psn_name, mine.state],
      ['mine-for', 'child', '王*', 'in-force'],
    );
    const [forMe] = await part(`person-${CHILD.psn_no}`, '/api/own-file/sharing');
    assert.deepEqual([forMe.direction, forMe.psn_name], ['for-me', '王*']);
    const [seen] = await part('bureau', `/api/persons/${files.get(WORKER.psn_no)}/sharing`);
    assert.equal(seen.other_file, files.get(CHILD.psn_no));
    ok(await send('2208', shared.undo));
    assert.equal(await balance(WORKER.psn_no), 100_000);
    const { faults } = await verifyLedger(service.services.store);
    assert.deepEqual(faults, []);
  });

  test('it ends by the owner, the member or the agency, from the next day on, and may be made anew', async () => {
    const [mine] = await part(OWNER, '/api/own-file/sharing');
    const end = { lastDay: day(-10), reason: '不再需要' };
    const own = `/api/own-file/sharings/${mine.sharing_id}/end`;
    assert.equal((await post(`person-${RESIDENT.psn_no}`, own, end)).statusCode, 409);
    assert.equal((await post(`person-${CHILD.psn_no}`, own, end)).statusCode, 200);
    // what was settled until today stands: the last day is today, whatever was asked for
    assert.equal((await part(OWNER, '/api/own-file/sharing'))[0].enddate, day(0));
    assert.equal((await post(OWNER, own, end)).statusCode, 409);
    const agency = `/api/persons/${files.get(WORKER.psn_no)}/sharings`;
    const body = { userFile: files.get(CHILD.psn_no), relation: 'child', begndate: day(1) };
    const made = await post('clerk', agency, body);
    assert.equal(made.statusCode, 201, made.body);
    const ended = await post('reviewer', `/api/account-sharings/${made.json().sharing_id}/end`, end);
    assert.equal(ended.statusCode, 200, ended.body);
    const states = (await part(OWNER, '/api/own-file/sharing')).map(({ state }: { state: string }) => state);
    assert.deepEqual(states, ['withdrawn', 'in-force']);
  });

  test('near relatives by the policy of the day; a merge takes the sharing along and one end ends it', async () => {
    const { store } = service.services;
    const agency = `/api/persons/${files.get(RETIRED.psn_no)}/sharings`;
    const body = { userFile: files.get(RESIDENT.psn_no), relation: 'sibling', begndate: day(0) };
    const made = await post('clerk', agency, body);
    assert.equal(made.statusCode, 201, made.body);
    await mergePersons(store, RETIRED.psn_no, WORKER.psn_no, Temporal.Now.instant());
    const listed = await part('clerk', `/api/persons/${files.get(WORKER.psn_no)}/sharing?state=in-force`);
    const sibling = listed.find(({ relation }: { relation: string }) => relation === 'sibling');
    assert.equal(sibling.other_file, files.get(RESIDENT.psn_no));
    const shared = await visit(RESIDENT);
    assert.equal(shared.acct_mulaid_pay, shared.psn_part_amt);
    ok(await send('2208', shared.undo));
    const end = { lastDay: day(0), reason: '核对' };
    assert.equal(
      (await post('clerk', `/api/account-sharings/${sibling.sharing_id}/end`, end)).statusCode,
      200,
    );
    await sql`UPDATE account_sharing SET begndate = begndate - 3, enddate = enddate - 1`.execute(store);
    assert.equal((await visit(RESIDENT)).acct_pay, '0.00');
  });
});

test('where the policy says in which area the member has to be insured, another is refused with both areas', async (t) => {
  const service = await startService();
  t.after(() => service.close());
  const { store, dataFolder } = service.services;
  mkdirSync(join(dataFolder, 'benefits'), { recursive: true });
  const setArea = (area: string, within: string) =>
    writeFileSync(
      join(dataFolder, 'benefits', `${area}.yaml`),
      `layer: city
area: "${area}"
name: 共济市
profile: benefits
documents:
  sharing: { title: { zh: 共济办法, en: Family sharing }, date: 2025, status: local }
source: { from: sharing, article: 第三条, starts: 2020-01-01 }
values:
  account.family_area: ${within}
`,
    );
  setArea(AREA, 'same-province');
  setArea('990300', 'same-area');
  const near = { ...CHILD, area: '990200' };
  const far = { ...RESIDENT, area: '980100' };
  const owners = [
    { ...WORKER, area: AREA },
    { ...RETIRED, area: '990300' },
  ] as const;
  const persons = [
    'psn_no,name,certno,insutype,psn_type,begndate,enddate,insuplc_admdvs',
    ...[...owners, near, far].map(({ psn_no, name, certno, insutype, area }) =>
      [psn_no, name, certno, insutype, insutype === '310' ? '11' : '15', '2020-01-01', '', area].join(','),
    ),
  ].join('\n');
  await importPersons(store, readPersonRows(persons, 'p.csv'), 'p.csv', Temporal.Now.instant());
  for (const { psn_no } of owners) await addUser(service, 'person', psn_no);
  const bind = ({ psn_no }: Insured, { name, certno }: Insured) =>
    ask(service, `person-${psn_no}`, {
      ...{ method: 'POST', url: '/api/own-file/sharings' },
      body: { name, certno, relation: 'child', begndate: day(0) },
    });
  const [worker, retired] = owners;
  const made = await bind(worker, near);
  assert.equal(made.statusCode, 201, made.body);
  for (const [owner, member, text] of [
    [worker, far, '账户所有人在 990100 参保，家庭成员须在同省参保，而在 980100 参保'],
    [retired, near, '账户所有人在 990300 参保，家庭成员须在同一地市参保，而在 990200 参保'],
  ] as const) {
    const answer = await bind(owner, member);
    assert.equal(answer.statusCode, 409, answer.body);
    const [problem] = answer.json().problems;
    assert.deepEqual(
      [problem.field, problem.value, problem.message],
      ['insuplc_admdvs', member.area, `不能绑定共济：${text}`],
    );
  }
});
