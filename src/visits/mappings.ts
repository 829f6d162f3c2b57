import { sql } from 'kysely';
import { refuse, type Transactions } from '#interface/index.ts';
import { dayOf, type Fields, rowsOf, text } from './values.ts';

/** 3301 and 3302: what an institution calls an item and the national code for it. Source: interface.md §1.6. */
export const mappingTransactions: Transactions = {
  '3301': async ({ db, input, institution, now }) => {
    for (const [index, row] of rowsOf(input as Fields, 'data').entries()) {
      const [begndate, enddate] = [dayOf(row, 'begndate'), dayOf(row, 'enddate')];
      if (enddate < begndate) {
        throw refuse('结束日期早于开始日期', 'the end is before the beginning', {
          node: `data[${index + 1}]`,
          field: 'enddate',
          value: enddate,
        });
      }
      await sql`INSERT INTO item_mapping (fixmedins_code, fixmedins_hilist_id, list_type, med_list_codg, begndate, enddate, body,
          changed_at)
        VALUES (${institution.fixmedins_code}, ${text(row, 'fixmedins_hilist_id')}, ${text(row, 'list_type')},
          ${text(row, 'med_list_codg')}, ${begndate}, ${enddate}, ${JSON.stringify(row)}::jsonb, ${now.toString()})
        ON CONFLICT (fixmedins_code, fixmedins_hilist_id, list_type, med_list_codg) DO UPDATE
          SET begndate = EXCLUDED.begndate, enddate = EXCLUDED.enddate, body = EXCLUDED.body, changed_at = EXCLUDED.changed_at`.execute(
        db,
      );
    }
    return {};
  },

  '3302': async ({ db, input, institution }) => {
    // the table has the fields at the root; clients also send them in `data`, as in 3301
    const row = (
      'data' in input ? (Array.isArray(input.data) ? input.data[0] : input.data) : input
    ) as Fields;
    const at = 'data' in input ? 'data' : '';
    for (const field of ['fixmedins_hilist_id', 'list_type', 'med_list_codg'] as const) {
      if (text(row ?? {}, field) !== '') continue;
      throw refuse('必填项为空', 'a value is required', { node: at, field, value: '' });
    }
    const owner = text(row, 'fixmedins_code') || institution.fixmedins_code;
    if (owner !== institution.fixmedins_code) {
      throw refuse('只能撤销本机构的对照', 'only mappings of the own institution can be taken back', {
        node: at,
        field: 'fixmedins_code',
        name: '定点医药机构编号',
        value: owner,
      });
    }
    const { rows } = await sql`DELETE FROM item_mapping WHERE fixmedins_code = ${institution.fixmedins_code}
      AND fixmedins_hilist_id = ${text(row, 'fixmedins_hilist_id')} AND list_type = ${text(row, 'list_type')}
      AND med_list_codg = ${text(row, 'med_list_codg')} RETURNING med_list_codg`.execute(db);
    if (rows.length > 0) return {};
    throw refuse('没有该对照', 'there is no such mapping', {
      field: 'fixmedins_hilist_id',
      value: text(row, 'fixmedins_hilist_id'),
    });
  },
};
