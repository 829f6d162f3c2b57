import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import type { JsonObject } from '#claims/intake/index.ts';
import { parseYuan } from '#kernel/money.ts';
import type { Transactions } from '../dispatcher.ts';
import { refuse } from '../fault.ts';

const AMOUNTS = ['medfee_sumamt', 'med_sumfee', 'fund_appy_sum', 'cash_payamt', 'acct_pay'] as const;

/** 3203: an institution applies for the clearing of a month. Source: interface.md §2. */
export const clearingTransactions: Transactions = {
  '3203': async ({ db, input, header, institution, now }) => {
    const data = input.data as JsonObject;
    const text = (field: string) => String(data[field] ?? '');
    const [begin, end] = [text('begndate').slice(0, 10), text('enddate').slice(0, 10)];
    const wrong = (field: string, zh: string, en: string) =>
      refuse(zh, en, { node: 'data', field, value: text(field) });
    if (begin > end) throw wrong('enddate', '结束日期早于开始日期', 'it is before begndate');
    const fen = AMOUNTS.map((field) => {
      const amount = parseYuan(text(field));
      if (amount === undefined) throw wrong(field, '应为元，最多两位小数', 'an amount in yuan is expected');
      return amount.toString();
    });
    const personTimes = text('psntime').replace(/\.0*$/, '');
    if (!/^\d+$/.test(personTimes)) throw wrong('psntime', '应为非负整数', 'a count is expected');
    const [setlym, type, way] = [text('setlym'), text('clr_type'), text('clr_way')];
    const id = createHash('sha256')
      .update(['3203', header.fixmedins_code, setlym, type, way].join(' '))
      .digest('hex')
      .slice(0, 24);
    const { rows } =
      await sql`INSERT INTO interface_clearing_application (clr_appy_evt_id, area_id, fixmedins_code, clr_type,
        clr_way, setlym, person_times, medfee_sumamt_fen, med_sumfee_fen, fund_appy_sum_fen, cash_payamt_fen, acct_pay_fen,
        begndate, enddate, made_by, made_at)
      VALUES (${`${institution.area_code}${id}`}, ${institution.area_id}, ${header.fixmedins_code}, ${type}, ${way}, ${setlym},
        ${personTimes}::integer, ${fen[0]!}::bigint, ${fen[1]!}::bigint, ${fen[2]!}::bigint, ${fen[3]!}::bigint, ${fen[4]!}::bigint,
        ${begin}::date, ${end}::date, ${`${header.opter} ${header.opter_name}`}, ${now.toString()})
      ON CONFLICT DO NOTHING RETURNING clr_appy_evt_id`.execute(db);
    const [made] = rows as { clr_appy_evt_id: string }[];
    if (made === undefined) {
      throw wrong(
        'setlym',
        '该清算年月、类别与方式已经申请过',
        'this month, type and way were applied for before',
      );
    }
    return { result: { clr_appy_evt_id: made.clr_appy_evt_id } };
  },
};
