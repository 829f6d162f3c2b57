import { sql } from 'kysely';
import type { JsonObject } from '#claims/intake/index.ts';
import type { Transactions } from '../dispatcher.ts';
import { refuse } from '../fault.ts';

type Row = {
  fixmedins_code: string;
  fixmedins_name: string;
  uscc: string;
  fixmedins_type: string;
  hosp_lv: string;
};

/** 1201: an institution of the own area by its code, or by a part of its name. Source: interface.md §1.7. */
export const institutionTransactions: Transactions = {
  '1201': async ({ db, input, institution }) => {
    const { medinsinfo } = input as { medinsinfo: JsonObject };
    const [code, name] = [String(medinsinfo.fixmedins_code ?? ''), String(medinsinfo.fixmedins_name ?? '')];
    if (code === '' && name === '') {
      throw refuse('机构编号与机构名称至少填写一项', 'give the code or the name of the institution', {
        node: 'medinsinfo',
        field: 'fixmedins_code',
        value: '',
      });
    }
    const { rows } =
      await sql<Row>`SELECT fixmedins_code, name AS fixmedins_name, uscc, type AS fixmedins_type, level AS hosp_lv
      FROM interface_institution
      WHERE area_id = ${institution.area_id} AND is_open AND type = ${String(medinsinfo.fixmedins_type)}
        AND (${code} = '' OR fixmedins_code = ${code})
        AND (${name} = '' OR strpos(name, ${name}) > 0)
      ORDER BY fixmedins_code LIMIT 1`.execute(db);
    const [found] = rows;
    if (found === undefined) {
      throw refuse('没有符合条件的定点医药机构', 'no such institution', {
        node: 'medinsinfo',
        field: code === '' ? 'fixmedins_name' : 'fixmedins_code',
        value: code === '' ? name : code,
      });
    }
    return { medinsinfo: { ...found, exp_content: '' } };
  },
};
