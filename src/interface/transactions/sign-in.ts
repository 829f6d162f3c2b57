import { sql } from 'kysely';
import type { JsonObject } from '#claims/intake/index.ts';
import type { Transactions } from '../dispatcher.ts';
import { timeText } from '../envelope.ts';
import { refuse } from '../fault.ts';

const text = (object: JsonObject, field: string): string => String(object[field] ?? '');

/** 9001 sign-in and 9002 sign-out of an operator. Source: interface.md §1.7. */
export const signInTransactions: Transactions = {
  '9001': async ({ db, input, header, institution, now }) => {
    const { signIn } = input as { signIn: JsonObject };
    const { rows } = await sql<{ sign_no: string }>`INSERT INTO interface_sign_in
        (sign_no, fixmedins_code, opter_no, mac, ip, signed_in_at)
      VALUES (${institution.area_code} || to_char(${now.toString()}::timestamptz AT TIME ZONE 'Asia/Shanghai', 'YYYYMMDDHH24MISS')
          || lpad((abs(hashtext(${`${header.fixmedins_code} ${header.msgid}`})::bigint) % 10000000000)::text, 10, '0'),
        ${header.fixmedins_code}, ${text(signIn, 'opter_no')}, ${text(signIn, 'mac')}, ${text(signIn, 'ip')}, ${now.toString()})
      RETURNING sign_no`.execute(db);
    return { signinoutb: { sign_time: timeText(now), sign_no: rows[0]!.sign_no } };
  },

  '9002': async ({ db, input, header, now }) => {
    const { signOut } = input as { signOut: JsonObject };
    const signNo = text(signOut, 'sign_no');
    const { rows } = await sql`UPDATE interface_sign_in SET signed_out_at = ${now.toString()}
      WHERE sign_no = ${signNo} AND fixmedins_code = ${header.fixmedins_code}
        AND opter_no = ${text(signOut, 'opter_no')} AND signed_out_at IS NULL
      RETURNING sign_no`.execute(db);
    if (rows.length === 0) {
      throw refuse('没有该操作员未签退的签到', 'there is no open sign-in of this operator', {
        node: 'signOut',
        field: 'sign_no',
        name: '签到编号',
        value: signNo,
      });
    }
    return { sign_time: timeText(now) };
  },
};
