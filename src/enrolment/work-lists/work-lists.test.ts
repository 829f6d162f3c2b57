import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { sql } from 'kysely';
import type { Store } from '#engine/postgres/store.ts';
import { YibaoError } from '#kernel/errors.ts';
import { describeOnStores } from '../../../test/support/stores.ts';
import { identityNumber } from '../../../test/support/visit-service.ts';
import {
  FUNNEL,
  findWork,
  importPersons,
  landFile,
  mappingOf,
  mergePersons,
  readPersonRows,
  takeWorkStep,
  WORK_LIST_NAMES,
} from '../index.ts';
import { FIRST_WORK_STATE, stepsOf, WORK_STEPS } from './states.ts';

const folder = mkdtempSync(join(tmpdir(), 'yibao-work-lists-'));
after(() => rmSync(folder, { recursive: true }));
const now = Temporal.Instant.from('2025-03-01T00:00:00Z');
const [ONE, TWO, THREE, FOUR, FIVE, SIX] = [1, 2, 3, 4, 5, 6].map((serial) =>
  identityNumber(`198${serial}-01-02`, serial),
) as [string, string, string, string, string, string];

async function land(store: Store, department: string, lines: readonly string[], name: string) {
  const path = join(folder, name);
  writeFileSync(path, lines.join('\n'));
  return landFile(store, { path, name, mapping: mappingOf(department), login: 'clerk' }, now);
}
const HEADER = 'name,certno,insutype,psn_type,begndate,enddate,insuplc_admdvs,psn_no,emp_name';
const load = (store: Store, lines: readonly string[], name: string) =>
  importPersons(store, readPersonRows([HEADER, ...lines].join('\n'), name), name, now);
const find = async (store: Store, asOf = '2025-03-01') => {
  const findings = await findWork(store, { asOf, login: 'clerk' }, now);
  assert.deepEqual(
    findings.map(({ kind }) => kind),
    WORK_LIST_NAMES,
  );
  return Object.fromEntries(
    findings.flatMap(({ kind, found, settled }) => (found + settled > 0 ? [[kind, [found, settled]]] : [])),
  );
};
const itemsOf = async (store: Store, kind: string) =>
  (
    await sql<{
      item_id: number;
      psn_no: string;
      county: string;
      reason: string;
      detail: string;
      state: string;
    }>`SELECT w.item_id, w.psn_no, county, reason, detail, state FROM work_item AS w WHERE kind = ${kind} ORDER BY item_id`.execute(
      store,
    )
  ).rows;

describe('the states of work lists', () => {
  test('every state is reached from the first one, every step leads on, and no two begin alike', () => {
    for (const kind of WORK_LIST_NAMES) {
      const steps = stepsOf(kind);
      const reached = new Set([FIRST_WORK_STATE]);
      for (const _ of steps) {
        for (const step of steps) if (step.from.some((state) => reached.has(state))) reached.add(step.to);
      }
      for (const step of steps)
        assert.ok(
          [...step.from, step.to].every((state) => reached.has(state)),
          step.action,
        );
      assert.equal(new Set(steps.map(({ action }) => action)).size, steps.length);
    }
    assert.ok(WORK_STEPS.some(({ by }) => by === 'data'));
  });
});

describeOnStores('work lists', (store) => {
  test('who stands in a file of a department and is not insured is found, with the county and who may call', async () => {
    await load(
      store(),
      [
        `甲一,${ONE},390,15,2025-01-01,2025-12-31,990101,A1,`,
        `乙二,${TWO},390,15,2024-01-01,2024-12-31,990102,A2,`,
        `丙三,${THREE},390,15,2025-01-01,2025-12-31,990101,A3,`,
      ],
      'p.csv',
    );
    await land(
      store(),
      'police',
      [
        '姓名,公民身份号码,区划,街道,人员状态,死亡日期',
        `甲一,${ONE},990101,东街,正常,`,
        `乙二,${TWO},990102,西街,正常,`,
        `丁四,${FOUR},990101,东街,正常,`,
        `戊五,${FIVE},990101,东街,服现役,`,
        `己六,${SIX},990101,东街,正常,2025-01-31`,
      ],
      'police.csv',
    );
    // employers want employees' insurance: a resident's does not do
    await land(
      store(),
      'employers',
      ['姓名,身份证号,区划,单位名称', `丙三,${THREE},990103,某厂`],
      'employers.csv',
    );
    assert.deepEqual(await find(store()), { 'not-enrolled': [3, 0] });
    const { rows } = await sql`SELECT p.name, w.county, organisation, reason, detail, state
      FROM work_item AS w JOIN person AS p ON p.psn_no = w.psn_no ORDER BY p.name COLLATE "C"`.execute(
      store(),
    );
    assert.deepEqual(rows, [
      {
        ...{ name: '丁四', county: '990101', organisation: '东街', reason: 'without-insurance' },
        ...{ detail: 'police', state: 'found' },
      },
      {
        ...{ name: '丙三', county: '990103', organisation: '某厂', reason: 'without-employee-insurance' },
        ...{ detail: 'employers', state: 'found' },
      },
      {
        ...{ name: '乙二', county: '990102', organisation: '西街', reason: 'without-insurance' },
        ...{ detail: 'police · 2024-12-31', state: 'found' },
      },
    ]);
    assert.deepEqual(await find(store()), {});
  });

  test('steps follow the table, a refusal needs a note, and every step is kept', async () => {
    const [first] = (await itemsOf(store(), 'not-enrolled')).filter(({ psn_no }) => psn_no === 'A2');
    const step = (action: string, note = '') =>
      takeWorkStep(store(), { itemId: first!.item_id, action, note, login: 'clerk' }, now);
    const refused = (code: string) => (error: unknown) =>
      error instanceof YibaoError && error.problems[0]!.definition.code === code;
    assert.deepEqual(await step('contact'), { state: 'contacted' });
    await assert.rejects(step('contact'), refused('enrolment.not-now'));
    await assert.rejects(step('enrolled'), refused('enrolment.not-now'));
    await assert.rejects(step('refuse', ' '), refused('enrolment.note-missing'));
    assert.deepEqual(await step('refuse', '在外地务工'), { state: 'refused' });
    await assert.rejects(
      takeWorkStep(store(), { itemId: 999_999, action: 'contact', note: '', login: 'clerk' }, now),
      refused('enrolment.no-such-work-item'),
    );
    const { rows } = await sql`SELECT number, action, from_state, to_state, login, note FROM work_item_step
      WHERE item_id = ${first!.item_id} ORDER BY number`.execute(store());
    assert.deepEqual(rows, [
      { number: 1, action: 'contact', from_state: 'found', to_state: 'contacted', login: 'clerk', note: '' },
      {
        ...{ number: 2, action: 'refuse', from_state: 'contacted', to_state: 'refused' },
        ...{ login: 'clerk', note: '在外地务工' },
      },
    ]);
    await assert.rejects(sql`DELETE FROM work_item_step`.execute(store()), /refused/);
  });

  test('the data settle what is done: who enrolled, who is insured elsewhere, and who lapsed again is found again', async () => {
    await load(store(), [`乙二,${TWO},390,15,2025-03-01,2025-03-31,990102,,`], 'q.csv');
    await land(
      store(),
      'other-areas',
      ['姓名,证件号码,险种,参保地,参保日期,终止日期', `丁四,${FOUR},居民,880100,2025-01-01,`],
      'elsewhere.csv',
    );
    assert.deepEqual(await find(store()), { 'not-enrolled': [0, 2] });
    const states = Object.fromEntries(
      (await itemsOf(store(), 'not-enrolled')).map(({ psn_no, state }) => [psn_no.slice(0, 2), state]),
    );
    assert.equal(states.A2, 'enrolled');
    assert.deepEqual(Object.values(states).toSorted(), ['enrolled', 'found', 'resolved']);
    assert.deepEqual(await find(store(), '2025-04-01'), { 'not-enrolled': [1, 0] });
  });

  test('the funnel counts by county', async () => {
    const { rows } = await sql`SELECT * FROM (${sql.raw(FUNNEL)}) AS t ORDER BY county`.execute(store());
    const none = { enrolled: 0, resolved: 0, refused: 0, wrong_data: 0 };
    assert.deepEqual(rows, [
      { ...none, kind: 'not-enrolled', county: '990101', found: 1, contacted: 0, open: 0, resolved: 1 },
      { ...none, kind: 'not-enrolled', county: '990102', found: 1, contacted: 1, open: 1 },
      { ...none, kind: 'not-enrolled', county: '990103', found: 1, contacted: 0, open: 1 },
    ]);
  });

  test('the same person twice: both schemes, two areas, elsewhere, dead, and two files of one', async () => {
    await load(
      store(),
      [
        // in both schemes
        `丙三,${THREE},310,11,2025-02-01,,990103,,某厂`,
        // dead since January
        `己六,${SIX},390,15,2025-01-01,2025-12-31,990101,,`,
        // insured elsewhere too
        `丁四,${FOUR},390,15,2025-01-01,2025-12-31,990101,,`,
      ],
      'r.csv',
    );
    const old = `${ONE.slice(0, 6)}${ONE.slice(8, 17)}`;
    // a file under the old number, which an import of years ago made
    await sql`INSERT INTO person (psn_no, name, gend, brdy) VALUES ('OLD', '甲一', '9', '1981-01-02')`.execute(
      store(),
    );
    await sql`INSERT INTO person_certificate (psn_cert_type, certno, psn_no) VALUES ('01', ${old}, 'OLD')`.execute(
      store(),
    );
    await sql`INSERT INTO enrolment (psn_no, insutype, psn_type, begndate, enddate, insuplc_admdvs)
      VALUES ('OLD', '390', '15', '2025-02-01', '2025-12-31', '990104')`.execute(store());
    const found = await find(store());
    assert.deepEqual(found['employee-and-resident'], [1, 0]);
    assert.deepEqual(found['dead-but-enrolled'], [1, 0]);
    assert.deepEqual(found['enrolled-elsewhere'], [1, 0]);
    assert.deepEqual(found['two-files'], [1, 0]);
    assert.equal(found['same-scheme-twice'], undefined);
    assert.deepEqual(
      (await itemsOf(store(), 'two-files')).map(({ psn_no, reason, detail }) => [psn_no, reason, detail]),
      [['OLD', 'old-certificate', 'A1']],
    );
    assert.deepEqual(
      (await itemsOf(store(), 'employee-and-resident')).map(({ psn_no, detail }) => [psn_no, detail]),
      [['A3', '310 990103 2025-02-01 · 390 990101 2025-01-01']],
    );
    // together they overlap: the one list is done, the other begins
    await mergePersons(store(), 'OLD', 'A1', now, { login: 'reviewer', reason: '同一人' });
    const then = await find(store());
    assert.deepEqual(then['two-files'], [0, 1]);
    assert.deepEqual(then['same-scheme-twice'], [1, 0]);
    assert.deepEqual(
      (await itemsOf(store(), 'same-scheme-twice')).map(({ psn_no, county, reason, detail }) => [
        psn_no,
        county,
        reason,
        detail,
      ]),
      [['A1', '990104', 'two-areas', '390 990101 2025-01-01 · 990104 2025-02-01']],
    );
  });
});
