import { sql } from 'kysely';
import { type Store, type StoreTransaction, transaction } from '#engine/postgres/store.ts';
import { addServiceRequest, importPersons, readPersonRows, readServiceItems } from '#enrolment/index.ts';
import { sealJournal } from '#fund/index.ts';
import { type Call, carryOut, keepFile } from '#interface/index.ts';
import { addFiling, type OpenBenefits, visitTransactions } from '#visits/index.ts';
import { type Actor, advance, openApproval } from '#workflow/index.ts';
import { inventContributions } from './demo-contributions.ts';
import { addDecisions } from './demo-decisions.ts';
import { itemsContent, reimbursementContent } from './reimbursement-content.ts';
import type { Context } from './route.ts';

const AREA = '990100';
const PERSONS = 40;
/** The person the demo user is: in service, with a family account, stays and visits. */
export const DEMO_PERSON = '990100900001';

/** Institutions of the demo area and of two others; levels are codes of hosp_lv. */
const HOSPITALS = [
  { fixmedins_code: 'H99010100001', area_code: AREA, level: '3' },
  { fixmedins_code: 'H99010100002', area_code: AREA, level: '6' },
  { fixmedins_code: 'H99010100003', area_code: AREA, level: '9' },
] as const;
const ELSEWHERE = { fixmedins_code: 'H11000000001', area_code: '110000', level: '3' } as const;

/** code, name, class, restricted, price in fen, ceiling in yuan */
const ITEMS = [
  ['XA01', '阿司匹林肠溶片（演示）', 'A', '', 1860, ''],
  ['XA02', '二甲双胍缓释片（演示）', 'A', '', 2350, ''],
  ['XB01', '阿托伐他汀钙片（演示）', 'B', '', 5280, ''],
  ['XB02', '胰岛素注射液（演示）', 'B', 'yes', 8640, ''],
  ['XC01', '滋补颗粒（演示）', 'C', '', 12800, ''],
  ['S110', '普通门诊诊查费', 'A', '', 1500, ''],
  ['S120', '三级护理费', 'A', '', 2600, ''],
  ['S210', '彩色多普勒超声检查', 'B', '', 16000, ''],
  ['S220', '磁共振平扫', 'B', '', 62000, ''],
  ['S330', '腹腔镜手术', 'A', '', 385000, ''],
  ['S340', '单人病房床位费', 'B', '', 36000, '60'],
  ['C010', '冠脉支架（演示）', 'B', '', 780000, '5000'],
] as const;
type Item = (typeof ITEMS)[number];

const SURNAMES = [...'赵钱孙李周吴郑王冯陈褚卫'];
const GIVEN = ['建国', '秀英', '明', '丽华', '强', '桂兰', '小雨', '志远', '文静', '海燕'];
const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];

function identityNumber(birth: string, serial: number): string {
  const digits = `${AREA}${birth.replaceAll('-', '')}${String(serial).padStart(3, '0')}`;
  const sum = WEIGHTS.reduce((total, weight, index) => total + weight * Number(digits[index]), 0);
  return digits + '10X98765432'[sum % 11];
}

/** Whole numbers from 0 to below n, the same every time. */
function draw(): (n: number) => number {
  let state = 20_250_101;
  return (n) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * n);
  };
}

type Invented = {
  readonly psn_no: string;
  readonly name: string;
  readonly certno: string;
  readonly insutype: '310' | '390';
  readonly rows: readonly string[];
};

/** Persons with their insurances; every fourth worker has a child whose visits the account may pay. */
function invent(count: number, random: (n: number) => number): Invented[] {
  const persons: Invented[] = [];
  const pad = (value: number) => String(value).padStart(2, '0');
  for (let serial = 1; serial <= count; serial++) {
    const kind = serial === 1 ? 0 : random(10);
    const isWorker = kind < 4;
    const isRetired = kind === 4 || kind === 5;
    const isChild = kind === 6;
    const years = isChild ? 6 + random(10) : isRetired ? 62 + random(20) : 24 + random(34);
    const birth = `${2025 - years}-${pad(1 + random(12))}-${pad(1 + random(28))}`;
    const psn_no = `990100900${String(serial).padStart(3, '0')}`;
    const name = SURNAMES[random(SURNAMES.length)]! + GIVEN[random(GIVEN.length)]!;
    const certno = identityNumber(birth, serial * 7);
    const isEmployee = isWorker || isRetired;
    const insutype = isEmployee ? '310' : '390';
    const psnType = isWorker ? '11' : isRetired ? '12' : isChild ? '1403' : '15';
    const identity =
      kind === 9 ? '2303:2025-01-01/2025-12-31' : kind === 8 && serial % 5 === 0 ? '2304:2024-01-01' : '';
    const owner = isChild ? persons.find((one) => one.insutype === '310')?.certno : undefined;
    const balance = serial === 1 ? '26000.00' : isEmployee ? `${300 + random(4000)}.${pad(random(100))}` : '';
    const row = (type: string, from: string, to: string, money: string) =>
      [psn_no, name, certno, type, psnType, from, to, AREA, identity, money, owner ?? ''].join(',');
    persons.push({
      psn_no,
      name,
      certno,
      insutype,
      rows: isEmployee
        ? [row('310', '2018-01-01', '', balance), row('330', '2018-01-01', '', '')]
        : [row('390', '2025-01-01', '2025-12-31', '')],
    });
  }
  return persons;
}

type Planned = {
  readonly person: Invented;
  readonly day: string;
  readonly kind: 'outpatient' | 'inpatient';
  readonly hospital: (typeof HOSPITALS)[number] | typeof ELSEWHERE;
  readonly items: readonly (readonly [Item, number])[];
  readonly isUndone: boolean;
};

/** The visits of a year in the order of their days. */
function plan(persons: readonly Invented[], random: (n: number) => number): Planned[] {
  const pad = (value: number) => String(value).padStart(2, '0');
  const planned = persons.flatMap((person, index) =>
    Array.from({ length: 1 + random(4) + (index === 0 ? 3 : 0) }, (): Planned => {
      const isStay = random(3) === 0;
      const day = `2025-${pad(1 + random(11))}-${pad(1 + random(27))}`;
      const chosen = Array.from({ length: 2 + random(4) }, () => ITEMS[random(ITEMS.length - 3)]!);
      const heavy = isStay ? [ITEMS[9]!, ITEMS[11]!, ITEMS[10]!].slice(0, 1 + random(3)) : [];
      const items = [...new Set([...chosen, ...heavy])].map(
        (item) => [item, isStay ? 3 + random(item[4] > 100_000 ? 4 : 20) : 1 + random(3)] as const,
      );
      return {
        person,
        day,
        kind: isStay ? 'inpatient' : 'outpatient',
        hospital: random(9) === 0 ? ELSEWHERE : HOSPITALS[random(HOSPITALS.length)]!,
        items,
        isUndone: random(14) === 0,
      };
    }),
  );
  return planned.toSorted((a, b) => (a.day < b.day ? -1 : a.day > b.day ? 1 : 0));
}

const yuan = (fen: number): string => `${(fen - (fen % 100)) / 100}.${String(fen % 100).padStart(2, '0')}`;

/**
 * Invents persons of the demo area and a year of visits, which go through the rules as if institutions had sent them: settled,
 * some undone, sealed at the end of each month; filings, reimbursements and requests beside them. The same every time.
 */
export async function inventPersons(
  services: Pick<Context, 'store' | 'benefits'>,
  count = PERSONS,
): Promise<void> {
  const { store, benefits } = services;
  const random = draw();
  const persons = invent(count, random);
  benefits.addItems(
    AREA,
    ITEMS.map(([code, name, listClass, restricted, , ceiling]) => ({
      code,
      name,
      class: listClass,
      restricted,
      from: '2020-01-01',
      ceiling,
      document: '演示市医疗保障待遇办法（虚构）',
      article: '附表一',
    })),
  );
  const head =
    'psn_no,name,certno,insutype,psn_type,begndate,enddate,insuplc_admdvs,identities,account_balance,family_owner';
  const text = `${[head, ...persons.flatMap(({ rows }) => rows)].join('\n')}\n`;
  const file = 'demo-persons.csv';
  await importPersons(store, readPersonRows(text, file), file, Temporal.Instant.from('2025-01-02T01:00:00Z'));
  await addContributions(store, persons);
  await transaction(store, async (db) => {
    const filing = {
      kind: 'chronic',
      biz_appy_type: '01',
      insutype: '',
      fixmedins_code: '',
      enddate: null,
    } as const;
    for (const [index, person] of persons.entries()) {
      if (index % 6 !== 2) continue;
      const dise_codg = index % 12 === 2 ? 'M03900' : 'M01600';
      const given = {
        ...filing,
        dise_codg,
        begndate: '2025-01-01',
        body: {},
        filed_by: HOSPITALS[0].fixmedins_code,
      };
      await addFiling(db, person.psn_no, given, Temporal.Instant.from('2025-01-03T02:00:00Z'));
    }
    const away = {
      ...filing,
      kind: 'designated',
      biz_appy_type: '08',
      dise_codg: '',
      begndate: '2025-03-01',
    } as const;
    await addFiling(
      db,
      DEMO_PERSON,
      { ...away, body: {}, filed_by: 'clerk' },
      Temporal.Instant.from('2025-02-27T02:00:00Z'),
    );
  });
  await settleYear(services, persons, random);
  await reconcile(services);
  await inventContributions(services, persons);
  await addWork(services, persons);
  await addDecisions(services, AREA, persons);
}

async function addContributions(store: Store, persons: readonly Invented[]): Promise<void> {
  const rows = persons.flatMap(({ psn_no, insutype }): object[] =>
    insutype === '390'
      ? [
          {
            psn_no,
            insutype,
            paid_on: '2024-11-20',
            month_from: '202501',
            month_to: '202512',
            receipt: `D${psn_no.slice(-4)}-2025`,
            own: 40_000,
            by: 0,
            aid: 67_000,
          },
        ]
      : Array.from({ length: 11 }, (_, index) => {
          const month = String(index + 1).padStart(2, '0');
          return {
            psn_no,
            insutype,
            paid_on: `2025-${month}-10`,
            month_from: `2025${month}`,
            month_to: `2025${month}`,
            receipt: `D${psn_no.slice(-4)}-2025${month}`,
            own: 12_000,
            by: 48_000,
            aid: 0,
          };
        }),
  );
  await sql`INSERT INTO contribution (psn_no, insutype, paid_on, month_from, month_to, receipt, person_fen, employer_fen,
      subsidy_fen)
    SELECT psn_no, insutype, paid_on, month_from, month_to, receipt, own, by, aid
    FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS r (psn_no text, insutype text, paid_on date, month_from text,
      month_to text, receipt text, own bigint, by bigint, aid bigint)`.execute(store);
}

async function settleYear(
  { store, benefits }: { readonly store: Store; readonly benefits: OpenBenefits },
  persons: readonly Invented[],
  random: (n: number) => number,
): Promise<void> {
  const transactions = visitTransactions(benefits);
  let number = 0;
  let month = '01';
  for (const visit of plan(persons, random)) {
    if (visit.day.slice(5, 7) !== month) {
      await sealJournal(store, Temporal.Instant.from(`2025-${visit.day.slice(5, 7)}-01T00:30:00+08:00`));
      month = visit.day.slice(5, 7);
    }
    number += 1;
    await transaction(store, (db) => makeVisit(db, transactions, visit, number));
  }
}

/** The messages an institution sends of a visit, one after another, in one transaction. */
async function makeVisit(
  db: StoreTransaction,
  transactions: ReturnType<typeof visitTransactions>,
  { person, day, kind, hospital, items, isUndone }: Planned,
  number: number,
): Promise<void> {
  const at = `${day} 09:30:00`;
  const now = Temporal.Instant.from(`${day}T10:${String(number % 60).padStart(2, '0')}:00+08:00`);
  const send = async (infno: string, input: Call['input']) => {
    const header = { infno, msgid: `${hospital.fixmedins_code}${number}-${infno}`, ...hospital };
    const given = { db, header, input, institution: hospital, now, file: undefined } as unknown as Call;
    return (await carryOut(transactions[infno]!, given)) as Record<string, Record<string, string>>;
  };
  const { psn_no, certno, insutype } = person;
  const who = { psn_no, certno, psn_cert_type: '01', mdtrt_cert_type: '02', mdtrt_cert_no: certno };
  const lines = items.map(([item, count], index) => ({
    feedetl_sn: `${number}-${index + 1}`,
    chrg_bchno: 'B1',
    fee_ocur_time: at,
    med_list_codg: item[0],
    medins_list_codg: item[0],
    name: item[1],
    det_item_fee_sumamt: yuan(item[4] * count),
    cnt: String(count),
    pric: yuan(item[4]),
    hosp_appr_flag: item[3] === 'yes' ? '1' : '0',
  }));
  const medfee_sumamt = yuan(items.reduce((sum, [item, count]) => sum + item[4] * count, 0));
  const settled = {
    ...who,
    insutype,
    medfee_sumamt,
    acct_used_flag: kind === 'inpatient' ? '0' : '2',
    chrg_bchno: 'B1',
  };
  const detail = (mdtrt_id: string) => lines.map((line) => ({ ...line, mdtrt_id, psn_no }));
  let mdtrt_id: string;
  let setlinfo: Record<string, string>;
  if (kind === 'outpatient') {
    const { data } = await send('2201', {
      data: { ...who, insutype, begntime: at, ipt_otp_no: `M${number}` },
    });
    mdtrt_id = data!.mdtrt_id!;
    const mdtrtinfo = { ...who, mdtrt_id, med_type: '11', begntime: at, dise_codg: 'J06.900' };
    await send('2203', { mdtrtinfo, diseinfo: [] });
    await send('2204', { feedetail: detail(mdtrt_id) });
    setlinfo = (await send('2207', { data: { ...settled, mdtrt_id, med_type: '11' } })).setlinfo!;
  } else {
    const mdtrtinfo = { ...who, insutype, med_type: '21', begntime: at, ipt_no: `Z${number}`, dise_codg: '' };
    const { result } = await send('2401', { mdtrtinfo, diseinfo: [] });
    mdtrt_id = result!.mdtrt_id!;
    await send('2301', { feedetail: detail(mdtrt_id) });
    await send('2402', { dscginfo: { ...who, mdtrt_id, endtime: `${day} 16:00:00` }, diseinfo: [] });
    setlinfo = (await send('2304', { data: { ...settled, mdtrt_id, mid_setl_flag: '0' } })).setlinfo!;
  }
  if (!isUndone) return;
  const undo = { setl_id: setlinfo.setl_id!, mdtrt_id, psn_no };
  await send(kind === 'outpatient' ? '2208' : '2305', { data: undo });
}

/** A month of an institution, compared settlement by settlement with a file that has one other amount and one settlement less. */
async function reconcile({ store, benefits }: Pick<Context, 'store' | 'benefits'>): Promise<void> {
  const [hospital] = HOSPITALS;
  const now = Temporal.Now.instant();
  await transaction(store, async (db) => {
    const { rows } = await sql<{
      cells: string[];
    }>`SELECT ARRAY[setl_id, mdtrt_id, psn_no, round(medfee_sumamt_fen / 100.0, 2)::text,
        round(fund_pay_sumamt_fen / 100.0, 2)::text, round(acct_pay_fen / 100.0, 2)::text,
        CASE sign WHEN 1 THEN '0' ELSE '1' END] AS cells
      FROM settlement WHERE fixmedins_code = ${hospital.fixmedins_code} AND clr_type = '11' ORDER BY setl_time, setl_id`.execute(
      db,
    );
    const lines = rows
      .slice(1)
      .map(({ cells }, index) => (index === 0 ? cells.with(3, '1.00') : cells).join('\t'));
    const filename = `${hospital.fixmedins_code}.txt`;
    const content = Buffer.from(`${lines.join('\n')}\n`);
    const key = 'demo-reconciliation';
    const { fileQuryNo } = await keepFile(
      db,
      { fixmedinsCode: hospital.fixmedins_code, filename, content, key },
      now,
    );
    const input = {
      data: {
        file_qury_no: fileQuryNo,
        setl_optins: AREA,
        clr_type: '11',
        stmt_begndate: '2025-01-01',
        stmt_enddate: '2025-12-31',
        refd_setl_flag: '',
      },
    };
    const header = { infno: '3202', msgid: key, ...hospital };
    const given = { db, header, input, institution: hospital, now } as unknown as Call;
    await carryOut(visitTransactions(benefits)['3202']!, given);
  });
}

/** Reimbursements, a change of the list and requests, in the states in which people find them. */
async function addWork(
  { store, benefits }: Pick<Context, 'store' | 'benefits'>,
  persons: readonly Invented[],
): Promise<void> {
  const actor = (login: string): Actor => ({ login, may: () => true });
  await transaction(store, async (db) => {
    const context = { store: db, benefits };
    for (const [index, psnNo] of [DEMO_PERSON, persons[4 % persons.length]!.psn_no].entries()) {
      const { rows } = await sql<{
        file: number;
        insutype: string;
      }>`SELECT p.file_number AS file, e.insutype FROM person AS p
        JOIN enrolment AS e ON e.psn_no = p.psn_no WHERE p.psn_no = ${psnNo} ORDER BY e.insutype LIMIT 1`.execute(
        db,
      );
      const content = await reimbursementContent(context, {
        ...rows[0]!,
        med_type: '11',
        fixmedins_code: ELSEWHERE.fixmedins_code,
        fixmedins_name: '外地第一医院（虚构）',
        hosp_lv: '3',
        area_code: '110000',
        begndate: `2025-11-${12 + index}`,
        enddate: `2025-11-${12 + index}`,
        invoice_code: '0990012025',
        invoice_number: `0001234${index + 1}`,
        medfee_sumamt: '826.00',
        lines: [
          {
            med_list_codg: 'S210',
            name: '彩色多普勒超声检查',
            cnt: '1',
            pric: '160',
            det_item_fee_sumamt: '160.00',
          },
          { med_list_codg: 'S220', name: '磁共振平扫', cnt: '1', pric: '620', det_item_fee_sumamt: '620.00' },
          {
            med_list_codg: 'XA02',
            name: '二甲双胍缓释片',
            cnt: '2',
            pric: '23',
            det_item_fee_sumamt: '46.00',
          },
        ],
      });
      const subject = `0990012025/0001234${index + 1}`;
      const at = new Date('2025-11-20T02:00:00Z');
      const { id } = await openApproval(db, { kind: 'reimbursement', subject, content }, 'clerk', at);
      await advance(db, { id, action: 'prepare' }, actor('clerk'), at);
    }
    const content = itemsContent(context, {
      area_code: AREA,
      document: '演示市医疗服务价格调整通知（虚构）',
      article: '第一条',
      rows: [{ code: 'S340', name: '单人病房床位费', from: '2026-01-01', ceiling: '80' }],
    });
    const at = new Date('2025-11-21T02:00:00Z');
    const subject = `${AREA}/2025-11-21T02:00:00`;
    const { id } = await openApproval(db, { kind: 'items', subject, content }, 'clerk', at);
    await advance(db, { id, action: 'prepare' }, actor('clerk'), at);
    const items = readServiceItems();
    const asked = ['08', '13', '16', '17', '18', '10', '16', '03'];
    for (const [index, code] of asked.entries()) {
      const item = items.find((one) => one.code === code)!;
      const day = `2025-11-${String(3 + index * 2).padStart(2, '0')}`;
      const psnNo = index < 3 ? DEMO_PERSON : persons[(index * 3) % persons.length]!.psn_no;
      const channel = index % 3 === 0 ? 'online' : 'counter';
      const request = { item, psnNo, applicant: '', channel, note: '' } as const;
      const requestId = await addServiceRequest(db, request, { login: 'clerk', day });
      if (index % 4 === 2) continue;
      const rating = index % 2 === 0 ? null : 4 + (index % 4 === 1 ? 1 : 0);
      await sql`UPDATE service_request SET state = 'done', closed_on = ${day}::date + ${index}::integer, closed_by = 'clerk',
        outcome = '已办结', rating = ${rating} WHERE request_id = ${requestId}`.execute(db);
    }
  });
}
