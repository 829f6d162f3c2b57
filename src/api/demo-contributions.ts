import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { type Store, transaction } from '#engine/postgres/store.ts';
import {
  bookCollection,
  decideClosing,
  endTransfer,
  gatherClosing,
  landFile,
  makePayables,
  mappingOf,
  reconcileContributions,
  requestTransfer,
  sendPayables,
} from '#enrolment/index.ts';
import { type Actor, advance, submitClosing } from '#workflow/index.ts';
import type { Context } from './route.ts';

type Needs = Pick<Context, 'store' | 'benefits'>;
export type DemoPerson = {
  readonly psn_no: string;
  readonly name: string;
  readonly certno: string;
  readonly insutype: '310' | '390';
};

const AREA = '990100';
const CLERK = 'clerk';
const SCHEMES = { '310': '职工', '390': '居民' } as const;
const actor = (login: string): Actor => ({ login, may: () => true });
const at = (time: string) => Temporal.Instant.from(`${time}+08:00`);
const yuan = (fen: number): string => `${Math.trunc(fen / 100)}.${String(fen % 100).padStart(2, '0')}`;
const monthText = (month: string): string => `${month.slice(0, 4)}-${month.slice(4)}`;

/**
 * What tax bureau, treasury and agency know of the demo persons' contributions, with the differences people find in practice; the list
 * of what residents have to pay for 2026 with the tax bureau's answers; transfers; and the closing of 2025.
 */
export async function inventContributions(services: Needs, persons: readonly DemoPerson[]): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'yibao-demo-contributions-'));
  const land = (department: string, name: string, lines: readonly string[], time: string) => {
    const path = join(folder, name);
    writeFileSync(path, `${lines.join('\n')}\n`);
    return landFile(services.store, { path, name, mapping: mappingOf(department), login: CLERK }, at(time));
  };
  try {
    await landSides(services.store, persons, land);
    await reconcile(services.store);
    await payables(services, persons, land);
    await transfers(services, persons);
    await closeYear(services, persons, land);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

type Land = (
  department: string,
  name: string,
  lines: readonly string[],
  time: string,
) => Promise<{ readonly fileId: number }>;

type Paid = {
  readonly receipt: string;
  readonly insutype: '310' | '390';
  readonly paid_on: string;
  readonly month_from: string;
  readonly month_to: string;
  readonly person_fen: number;
  readonly employer_fen: number;
  readonly subsidy_fen: number;
  readonly name: string;
  readonly certno: string;
};

const TAX = '姓名,身份证号,票据号,险种,入库日期,费款所属期起,费款所属期止,个人缴费,单位缴费,区划';
const TREASURY =
  '票据号,险种,入账日期,费款所属期起,费款所属期止,入账金额,单位缴费,财政补助,医疗救助资助,区划';
const taxLine = (paid: Paid): string =>
  [
    ...[paid.name, paid.certno, paid.receipt, SCHEMES[paid.insutype], paid.paid_on],
    ...[monthText(paid.month_from), monthText(paid.month_to), yuan(paid.person_fen), yuan(paid.employer_fen)],
    AREA,
  ].join(',');
const treasuryLine = (paid: Paid): string =>
  [
    ...[
      paid.receipt,
      SCHEMES[paid.insutype],
      paid.paid_on,
      monthText(paid.month_from),
      monthText(paid.month_to),
    ],
    ...[yuan(paid.person_fen), yuan(paid.employer_fen), yuan(paid.subsidy_fen), '0.00', AREA],
  ].join(',');

/** The files of a year: all agree but for some receipts of October and of the collection for 2025; November is not at the treasury yet. */
async function landSides(store: Store, persons: readonly DemoPerson[], land: Land): Promise<void> {
  const { rows } =
    await sql<Paid>`SELECT c.receipt, c.insutype, c.paid_on, c.month_from, c.month_to, c.person_fen, c.employer_fen,
      c.subsidy_fen, p.name, (SELECT certno FROM person_certificate AS k WHERE k.psn_no = c.psn_no LIMIT 1) AS certno
    FROM contribution AS c JOIN person AS p ON p.psn_no = c.psn_no WHERE c.receipt LIKE 'D%' ORDER BY c.paid_on, c.receipt`.execute(
      store,
    );
  const october = rows.filter(({ paid_on }) => paid_on.startsWith('2025-10')).map(({ receipt }) => receipt);
  const residents = rows.filter(({ insutype }) => insutype === '390').map(({ receipt }) => receipt);
  const [lost, other, late] = october;
  const tax = rows
    .filter(({ receipt }) => receipt !== lost)
    .map((paid) =>
      paid.receipt === other
        ? { ...paid, person_fen: paid.person_fen - 1_000 }
        : paid.receipt === late
          ? { ...paid, month_from: '202509' }
          : paid,
    );
  // a payment of somebody the agency does not know
  const stranger: Paid = {
    ...{
      receipt: 'D9999-2025',
      insutype: '390',
      paid_on: '2024-11-22',
      month_from: '202501',
      month_to: '202512',
    },
    ...{
      person_fen: 40_000,
      employer_fen: 0,
      subsidy_fen: 67_000,
      name: '新生甲',
      certno: '990100202406010017',
    },
  };
  await land(
    'tax-collection',
    '税务征收明细-2025.csv',
    [TAX, ...[...tax, stranger].map(taxLine)],
    '2025-12-03T09:00:00',
  );
  const [notThere, twice] = residents;
  const treasury = rows
    .filter(({ paid_on, receipt }) => !paid_on.startsWith('2025-11') && receipt !== notThere)
    .flatMap((paid) => (paid.receipt === twice ? [paid, { ...paid, subsidy_fen: 0 }] : [paid]));
  await land(
    'treasury',
    '国库入账-2025年1至10月.csv',
    [TREASURY, ...[...treasury, stranger].map(treasuryLine)],
    '2025-12-04T09:00:00',
  );
  // one that was carried over from the old books
  const old = persons.filter(({ insutype }) => insutype === '310')[1];
  if (old === undefined) return;
  await sql`INSERT INTO contribution (psn_no, insutype, paid_on, month_from, month_to, person_fen, employer_fen)
    VALUES (${old.psn_no}, '310', '2025-10-31', '202412', '202412', 12000, 48000)`.execute(store);
}

async function reconcile(store: Store): Promise<void> {
  for (const [paidFrom, paidTo, insutype] of [
    ['2024-11-01', '2024-11-30', '390'],
    ['2025-09-01', '2025-09-30', '310'],
    ['2025-10-01', '2025-10-31', '310'],
  ] as const) {
    await reconcileContributions(
      store,
      { paidFrom, paidTo, insutype, login: CLERK },
      at('2025-12-05T10:00:00'),
    );
  }
}

/** Who has to pay for 2026: sent in October, answered in November; two of three have paid by now, one another amount. */
async function payables(
  { store, benefits }: Needs,
  persons: readonly DemoPerson[],
  land: Land,
): Promise<void> {
  if (!persons.some(({ insutype }) => insutype === '390')) return;
  const given = { year: 2026, areaCode: AREA, login: CLERK, policyOf: benefits.policyOf };
  const sent = await makePayables(store, { ...given, asOf: '2025-10-10' }, at('2025-10-10T09:00:00'));
  await transaction(store, (db) => sendPayables(db, sent.listId, CLERK, at('2025-10-11T09:00:00')));
  const { rows } = await sql<{
    number: number;
    psn_no: string;
    person_fen: number;
  }>`SELECT number, psn_no, person_fen FROM payable WHERE list_id = ${sent.listId} ORDER BY number`.execute(
    store,
  );
  const answers = rows
    .filter(({ number }) => number % 7 !== 6)
    .map(({ number }) =>
      number % 5 === 4
        ? `${sent.listId}-${number},退回,证件号码与税务登记不一致`
        : `${sent.listId}-${number},接收,`,
    );
  await land(
    'tax-answers',
    '税务回执-2026.csv',
    ['应缴编号,处理结果,退回原因', ...answers],
    '2025-11-03T09:00:00',
  );
  const paid = rows
    .filter(({ number, person_fen }) => number % 3 !== 0 && number % 5 !== 4 && person_fen > 0)
    .map(({ number, psn_no, person_fen }, index): Paid => {
      const { name, certno } = persons.find((one) => one.psn_no === psn_no)!;
      return {
        ...{ receipt: `E${String(number).padStart(4, '0')}-2026`, insutype: '390', paid_on: '2025-11-18' },
        ...{ month_from: '202601', month_to: '202612', employer_fen: 0, subsidy_fen: 0, name, certno },
        person_fen: index === 1 ? person_fen - 2_000 : person_fen,
      };
    });
  const { fileId } = await land(
    'tax-collection',
    '税务征收明细-2026集中征收.csv',
    [TAX, ...paid.map(taxLine)],
    '2025-12-06T09:00:00',
  );
  await bookCollection(store, { fileId, areaCode: AREA, policyOf: benefits.policyOf });
  // those who have not paid yet: a list that is still to be sent
  if (paid.length < rows.length) {
    await makePayables(store, { ...given, asOf: '2025-12-10' }, at('2025-12-10T09:00:00'));
  }
}

/** One that came in with its months and balance, one that was sent back, and two that wait. */
async function transfers({ store, benefits }: Needs, persons: readonly DemoPerson[]): Promise<void> {
  const workers = persons.filter(({ insutype }) => insutype === '310').slice(1);
  const [done, refused, coming, leaving] = workers;
  const request = (
    person: DemoPerson | undefined,
    direction: 'in' | 'out',
    [certificate, otherArea, on]: readonly [string, string, string],
    [monthFrom, monthTo, balanceFen]: readonly [string, string, number],
  ) =>
    person === undefined
      ? undefined
      : requestTransfer(
          store,
          {
            ...{ psnNo: person.psn_no, direction, insutype: '310', otherArea, certificate },
            ...{ monthFrom, monthTo, balanceFen },
          },
          { login: CLERK, on },
        );
  const end = async (transferId: number | undefined, isDone: boolean, on: string, note: string) => {
    if (transferId === undefined) return;
    await endTransfer(
      store,
      { transferId, isDone, login: CLERK, on, note },
      at(`${on}T10:00:00`),
      benefits.policyOf,
    );
  };
  const first = await request(
    done,
    'in',
    ['110000-2025-0017', '110000', '2025-09-02'],
    ['201501', '201712', 186_430],
  );
  await end(first, true, '2025-09-20', '');
  const second = await request(
    refused,
    'in',
    ['320100-2025-0203', '320100', '2025-10-09'],
    ['201601', '201706', 0],
  );
  await end(second, false, '2025-10-13', '参保凭证姓名与档案不符，已请转出地更正');
  await request(coming, 'in', ['330100-2025-0088', '330100', '2025-11-21'], ['201401', '201803', 92_150]);
  await request(leaving, 'out', ['990100-2025-0031', '440300', '2025-11-24'], ['202501', '202511', 0]);
}

/** What another system knew of earlier years; 2025 closed, sent back for a late claim, and closed again for somebody to decide. */
async function closeYear(services: Needs, persons: readonly DemoPerson[], land: Land): Promise<void> {
  const residents = persons.filter(({ insutype }) => insutype === '390');
  if (residents.length === 0) return;
  await land(
    'continuity-records',
    '上线前连续参保记录.csv',
    [
      '姓名,身份证号,适用年度,连续参保年数,零报销年数,断保前已得',
      ...residents
        .filter((_, index) => index % 4 !== 3)
        .map(({ name, certno }, index) => `${name},${certno},2025,${2 + ((index * 5) % 9)},${index % 4},`),
    ],
    '2025-12-08T09:00:00',
  );
  const wanted = { year: 2025, login: CLERK, policyOf: services.benefits.policyOf };
  const close = async (when: Temporal.Instant) => {
    const closing = await gatherClosing(services.store, wanted, when);
    return transaction(services.store, (db) => submitClosing(db, 2025, closing, CLERK, when));
  };
  const first = await close(at('2026-01-12T09:00:00'));
  await transaction(services.store, async (store) => {
    const reason = '十二月还有异地报销没有到账，收齐后再结转';
    const { closingId } = first;
    await advance(
      store,
      { id: first.approvalId, action: 'return', reason },
      actor('reviewer'),
      new Date('2026-01-13T02:00:00Z'),
      (db) =>
        decideClosing(
          db,
          { closingId, isApplied: false, login: 'reviewer', reason },
          at('2026-01-13T10:00:00'),
        ),
    );
  });
  await close(at('2026-01-20T09:00:00'));
}
