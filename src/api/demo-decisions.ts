import { sql } from 'kysely';
import { type Store, transaction } from '#engine/postgres/store.ts';
import { importPersons, readPersonRows } from '#enrolment/index.ts';
import { advance, openApproval } from '#workflow/index.ts';
import { type EnrolmentKind, enrolmentContent, enrolmentSubject } from './enrolment-decisions.ts';
import type { Context } from './route.ts';

const AT = new Date('2025-11-24T02:00:00Z');

/**
 * What waits for somebody in the demo area: a person with two files, a contribution paid twice, months before the scheme began; each
 * proposed by the clerk.
 */
export async function addDecisions(
  services: Pick<Context, 'store' | 'benefits'>,
  areaCode: string,
  persons: readonly {
    readonly psn_no: string;
    readonly name: string;
    readonly certno: string;
    readonly insutype: string;
  }[],
): Promise<void> {
  const resident = persons.findLast(({ insutype }) => insutype === '390');
  const worker = persons.find(({ insutype }) => insutype === '310');
  if (resident === undefined || worker === undefined) return;
  const { store } = services;
  // the number of before 1999: without century and check digit
  const old = resident.certno.slice(0, 6) + resident.certno.slice(8, 17);
  const header = 'psn_no,name,certno,psn_cert_type,insutype,psn_type,begndate,enddate,insuplc_admdvs';
  const second = `990100909999,${resident.name},${old},99,390,15,2012-01-01,2014-12-31,${areaCode}`;
  const file = 'demo-second-file.csv';
  await importPersons(
    store,
    readPersonRows(`${header}\n${second}\n`, file),
    file,
    Temporal.Instant.from('2025-01-02T02:00:00Z'),
  );
  await sql`UPDATE person SET (gend, brdy) = (SELECT gend, brdy FROM person WHERE psn_no = ${resident.psn_no})
    WHERE psn_no = '990100909999'`.execute(store);
  const { rows } = await sql<{ contribution_id: number }>`INSERT INTO contribution
      (psn_no, insutype, paid_on, month_from, month_to, person_fen, subsidy_fen, receipt)
    VALUES (${resident.psn_no}, '390', '2024-12-05', '202501', '202512', 40000, 67000, 'DEMO-2') RETURNING contribution_id`.execute(
    store,
  );
  const fileOf = await filesOf(store);
  const decisions: readonly (readonly [EnrolmentKind, object])[] = [
    [
      'merge',
      {
        fromFile: fileOf.get('990100909999'),
        intoFile: fileOf.get(resident.psn_no),
        reason: '姓名、出生日期相同，旧证件为 15 位号码，本人到窗口核实',
      },
    ],
    ['refund', { contributionId: rows[0]!.contribution_id, reason: 'twice' }],
    [
      'deemed',
      {
        ...{ file: fileOf.get(worker.psn_no), monthFrom: '199801', monthTo: '200112' },
        ...{ ground: 'military', document: '退出现役证（演示）' },
      },
    ],
  ];
  await transaction(store, async (db) => {
    for (const [kind, given] of decisions) {
      const content = await enrolmentContent({ ...services, store: db }, kind, given);
      const subject = enrolmentSubject(kind, content);
      const { id } = await openApproval(db, { kind, subject, content }, 'clerk', AT);
      await advance(db, { id, action: 'prepare' }, { login: 'clerk', may: () => true }, AT);
    }
  });
}

async function filesOf(store: Store): Promise<ReadonlyMap<string, number>> {
  const { rows } = await sql<{
    psn_no: string;
    file: number;
  }>`SELECT psn_no, file_number AS file FROM person`.execute(store);
  return new Map(rows.map(({ psn_no, file }) => [psn_no, file]));
}
