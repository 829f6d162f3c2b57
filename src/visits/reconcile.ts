import { sql } from 'kysely';
import { cellOf } from '#benefits/index.ts';
import type { StoreTransaction } from '#engine/postgres/store.ts';
import { keepFile, readKeptFile, refuse, type Transactions, timeText } from '#interface/index.ts';
import type { BenefitSource } from './benefit-source.ts';
import { dayOf, type Fields, fenOf, node, text, yuan } from './values.ts';
import { unzipOne, zipOne } from './zip.ts';

type Sums = {
  readonly settlements: number;
  readonly medfee_fen: number;
  readonly fund_fen: number;
  readonly account_fen: number;
  readonly cash_fen: number;
};

type Period = {
  readonly fixmedinsCode: string;
  readonly clrOptins: string;
  readonly clrType: string;
  readonly from: string;
  readonly to: string;
  /** '' for every insurance */
  readonly insutype: string;
  /** '0' settlements only, '1' reversals only, '' both */
  readonly refunds: string;
};

/** Days of the period mean 00:00:00 to 23:59:59 Beijing time, by the setl_time that was answered. */
const CONDITION = (
  period: Period,
) => sql`fixmedins_code = ${period.fixmedinsCode} AND clr_optins = ${period.clrOptins}
  AND clr_type = ${period.clrType} AND (${period.insutype} = '' OR insutype = ${period.insutype})
  AND setl_time >= (${period.from}::date)::timestamp AT TIME ZONE 'Asia/Shanghai'
  AND setl_time < (${period.to}::date + 1)::timestamp AT TIME ZONE 'Asia/Shanghai'
  AND (${period.refunds} = '' OR sign = CASE WHEN ${period.refunds} = '1' THEN -1 ELSE 1 END)`;

async function sumsOf(db: StoreTransaction, period: Period): Promise<Sums> {
  const { rows } =
    await sql<Sums>`SELECT count(*) AS settlements, coalesce(sum(medfee_sumamt_fen), 0)::bigint AS medfee_fen,
      coalesce(sum(fund_pay_sumamt_fen), 0)::bigint AS fund_fen, coalesce(sum(acct_pay_fen), 0)::bigint AS account_fen,
      coalesce(sum(psn_cash_pay_fen), 0)::bigint AS cash_fen
    FROM settlement WHERE ${CONDITION(period)}`.execute(db);
  return rows[0]!;
}

type Difference = { readonly name: string; readonly here: string; readonly there: string };

const describe = (differences: readonly Difference[]): string =>
  differences.map(({ name, here, there }) => `${name}：中心${here}，机构${there}`).join('；');

const COLUMNS = [
  'setl_id',
  'mdtrt_id',
  'psn_no',
  'medfee_sumamt',
  'fund_pay_sumamt',
  'acct_pay',
  'refd_setl_flag',
] as const;
type Uploaded = Readonly<Record<(typeof COLUMNS)[number], string>>;
type Ours = {
  setl_id: string;
  mdtrt_id: string;
  psn_no: string;
  msgid: string;
  sign: 1 | -1;
  reverses: string | null;
  medfee: number;
  fund: number;
  account: number;
};

/**
 * Which settlements the flag means. The interface document does not say: the header's refd_setl_flag is optional (tables 146 and 148),
 * its list knows 0 no and 1 yes, and fixmedins_refd_setl_flag has no remark at all. It does say that a refund stands in the detail as
 * two rows, one positive and one negative (3202, note 2), and that totals and detail speak of the same (note 6), so refunds alone are
 * nothing to compare; clients in use call the flag "whether refunds are included". Hence 0 without refunds, 1 with them, unless the
 * policy of the treatment area (reconciliation.refund_flag) reads it otherwise.
 */
function refundsOf(source: BenefitSource, areaCode: string, data: Fields): Period['refunds'] {
  const flag = text(data, 'refd_setl_flag');
  const reading = cellOf(
    source.policyOf(areaCode, dayOf(data, 'stmt_enddate')),
    'reconciliation.refund_flag',
    {},
  ).text;
  if (reading === 'net' || (reading === 'includes' && flag === '1')) return '';
  return flag;
}

/** 3201 totals and 3202 settlement by settlement. Source: interface.md §1.7, §4. */
export const reconciliationTransactions = (source: BenefitSource): Transactions => ({
  '3201': async ({ db, input, institution }) => {
    const data = node(input, 'data');
    checkPeriod(data);
    const sums = await sumsOf(db, {
      fixmedinsCode: institution.fixmedins_code,
      clrOptins: text(data, 'setl_optins'),
      clrType: text(data, 'clr_type'),
      from: dayOf(data, 'stmt_begndate'),
      to: dayOf(data, 'stmt_enddate'),
      insutype: text(data, 'insutype'),
      refunds: refundsOf(source, institution.area_code, data),
    });
    const pairs: readonly (readonly [string, string, string])[] = [
      ['笔数', String(sums.settlements), String(Number(text(data, 'fixmedins_setl_cnt')))],
      ['医疗费总额', yuan(sums.medfee_fen), yuan(fenOf(data, 'medfee_sumamt'))],
      ['基金支付', yuan(sums.fund_fen), yuan(fenOf(data, 'fund_pay_sumamt'))],
      ['个人账户支付', yuan(sums.account_fen), yuan(fenOf(data, 'acct_pay'))],
    ];
    const differences = pairs
      .filter(([, here, there]) => here !== there)
      .map(([name, here, there]) => ({ name, here, there }));
    return {
      stmtinfo: {
        setl_optins: text(data, 'setl_optins'),
        stmt_rslt: differences.length === 0 ? '0' : '1',
        stmt_rslt_dscr: differences.length === 0 ? '平' : describe(differences),
      },
    };
  },

  '3202': async ({ db, input, institution, header, now }) => {
    const data = node(input, 'data');
    checkPeriod(data);
    const number = text(data, 'file_qury_no');
    const kept = await readKeptFile(db, number, institution.fixmedins_code, now);
    const place = { node: 'data', field: 'file_qury_no', name: '文件查询号', value: number };
    if (kept === undefined)
      throw refuse('没有该文件，先以9101上传', 'there is no such file: upload it with 9101', place);
    const uploaded = rowsOfFile(kept.content, place);
    const { rows: ours } = await sql<Ours>`SELECT s.setl_id, s.mdtrt_id, s.psn_no,
        s.msgid, s.sign, s.reverses, s.medfee_sumamt_fen AS medfee, s.fund_pay_sumamt_fen AS fund, s.acct_pay_fen AS account
      FROM settlement AS s WHERE ${CONDITION({
        fixmedinsCode: institution.fixmedins_code,
        clrOptins: text(data, 'setl_optins'),
        clrType: text(data, 'clr_type'),
        from: dayOf(data, 'stmt_begndate'),
        to: dayOf(data, 'stmt_enddate'),
        insutype: '',
        refunds: refundsOf(source, institution.area_code, data),
      })} ORDER BY setl_time, setl_id`.execute(db);
    const file = resultText(uploaded, ours);
    const filename = `3202_${institution.fixmedins_code}_${timeText(now).replaceAll(/\D/g, '')}.zip`;
    const result = await keepFile(
      db,
      {
        fixmedinsCode: institution.fixmedins_code,
        filename,
        content: zipOne(filename.replace('.zip', '.txt'), Buffer.from(file, 'utf8')),
        key: header.msgid,
      },
      now,
    );
    return {
      fileinfo: { file_qury_no: result.fileQuryNo, filename, dld_endtime: timeText(result.downloadUntil) },
    };
  },
});

function checkPeriod(data: Fields): void {
  const [from, to] = [dayOf(data, 'stmt_begndate'), dayOf(data, 'stmt_enddate')];
  if (to >= from) return;
  throw refuse('对账结束日期早于开始日期', 'the end of the period is before its beginning', {
    node: 'data',
    field: 'stmt_enddate',
    name: '对账结束日期',
    value: to,
  });
}

const AMOUNTS = ['medfee_sumamt', 'fund_pay_sumamt', 'acct_pay'] as const;

function rowsOfFile(content: Buffer, place: Parameters<typeof refuse>[2]): Uploaded[] {
  const plain = unzipOne(content);
  if (plain === undefined)
    throw refuse('压缩包中没有可读的文件', 'the archive has no file that can be read', place);
  return plain
    .toString('utf8')
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .filter((line) => line.trim() !== '' && !line.startsWith('setl_id\t'))
    .map((line, index) => {
      const cells = line.split('\t').map((cell) => (cell.trim() === 'null' ? '' : cell.trim()));
      if (cells.length < COLUMNS.length) {
        throw refuse(
          `第${index + 1}行应有${COLUMNS.length}列（TAB 分隔），现有${cells.length}列`,
          `line ${index + 1} has ${cells.length} of ${COLUMNS.length} columns (divided by TAB)`,
          place,
        );
      }
      const row = Object.fromEntries(COLUMNS.map((name, column) => [name, cells[column]!])) as Uploaded;
      const fault = (field: (typeof COLUMNS)[number], zh: string, en: string) =>
        refuse(zh, en, { node: `file[${index + 1}]`, field, value: row[field] });
      if (row.setl_id === '') throw fault('setl_id', '结算ID为空', 'the settlement has no number');
      for (const field of AMOUNTS) {
        if (!/^-?\d{1,14}(\.\d{1,2}0*)?$/.test(row[field]))
          throw fault(field, '应为至多两位小数的金额', 'an amount of at most two decimals is expected');
      }
      if (!/^[01]?$/.test(row.refd_setl_flag))
        throw fault('refd_setl_flag', '应为0或1', '0 or 1 is expected');
      return row;
    });
}

/** One row of the result for each settlement either side has; what only we have stands without setl_id and mdtrt_id. */
function resultText(uploaded: readonly Uploaded[], ours: readonly Ours[]): string {
  const left = new Map(ours.map((row) => [row.setl_id, row]));
  // a refund stands in the institution's file under an id of its own or that of the settlement it takes back
  const refundOf = new Map(ours.map((row) => [row.reverses, row.setl_id]));
  const lines: string[][] = [];
  const seen = new Set<string>();
  for (const row of uploaded) {
    const isRefund = row.refd_setl_flag === '1' || row.medfee_sumamt.startsWith('-');
    const ownId = (isRefund ? refundOf.get(row.setl_id) : undefined) ?? row.setl_id;
    const here = left.get(ownId);
    if (here === undefined) {
      lines.push([
        row.psn_no,
        row.mdtrt_id,
        row.setl_id,
        '',
        '1',
        row.refd_setl_flag,
        seen.has(ownId) ? '文件中已有该结算' : '中心没有该结算',
        row.medfee_sumamt,
        row.fund_pay_sumamt,
        row.acct_pay,
      ]);
      continue;
    }
    left.delete(ownId);
    seen.add(ownId);
    const amounts = [yuan(here.medfee), yuan(here.fund), yuan(here.account)];
    const said = [row.medfee_sumamt, row.fund_pay_sumamt, row.acct_pay];
    const isEqual = amounts.every(
      (amount, index) => fenOf({ value: said[index] }, 'value') === fenOf({ value: amount }, 'value'),
    );
    lines.push([
      row.psn_no,
      row.mdtrt_id,
      row.setl_id,
      here.msgid,
      isEqual ? '0' : '1',
      here.sign === -1 ? '1' : '0',
      isEqual ? '' : `金额不符：机构${said.join('/')}`,
      ...amounts,
    ]);
  }
  for (const here of left.values()) {
    lines.push([
      here.psn_no,
      '',
      '',
      here.msgid,
      '1',
      here.sign === -1 ? '1' : '0',
      `机构没有该结算（${here.setl_id}）`,
      yuan(here.medfee),
      yuan(here.fund),
      yuan(here.account),
    ]);
  }
  return lines.map((cells) => `${cells.map((cell) => (cell === '' ? 'null' : cell)).join('\t')}\n`).join('');
}
