import { sql } from 'kysely';
import { type Handler, refuse, type Transactions } from '#interface/index.ts';
import type { BenefitSource } from './benefit-source.ts';
import { keepLines } from './fees.ts';
import { lockedPerson } from './persons.ts';
import { addVisit } from './register.ts';
import { settle } from './settle.ts';
import { dayOf, node, rowsOf, text, timeOf } from './values.ts';
import { visitOnDay } from './visit-on-day.ts';
import { visitOf } from './visits.ts';

const BATCH = 'pharmacy';

/** A purchase at a pharmacy is visit, lines and settlement in one message. */
const buy =
  (source: BenefitSource): Handler =>
  async (call) => {
    const info = node(call.input, 'druginfo');
    const at = 'druginfo';
    if (call.institution.type !== '2') {
      throw refuse('购药交易只用于定点零售药店', 'only designated pharmacies sell by this transaction', {
        field: 'fixmedins_code',
        value: call.institution.fixmedins_code,
      });
    }
    const person = await lockedPerson(call.db, text(info, 'psn_no'), at);
    const mdtrtId = await addVisit(call, person, {
      kind: 'pharmacy',
      insutype: text(info, 'insutype'),
      medType: text(info, 'med_type'),
      number: '',
      begntime: timeOf(info, 'begntime'),
      disease: text(info, 'dise_codg'),
      body: info,
      at,
    });
    const visit = await visitOf(call.db, mdtrtId, { institution: call.institution, person, at });
    const lines = rowsOf(call.input, 'drugdetail').map((line) => ({ ...line, chrg_bchno: BATCH }));
    const medType = text(info, 'med_type');
    const date = dayOf(info, 'begntime');
    const context = visitOnDay(visit, person, {
      date,
      medType,
      insutype: text(info, 'insutype'),
      at,
      source,
    });
    const detlcutinfo = await keepLines(call, source, visit, context, lines, 'drugdetail');
    const wanted = { data: info, at, medType, batch: '', date, isMidStay: false, isTrial: false };
    return { ...(await settle(call, source, person, visit, wanted)), detlcutinfo };
  };

/** 2101 tries a purchase out, 2102 makes it. Source: interface.md §1.6. */
export const pharmacyTransactions = (source: BenefitSource): Transactions => ({
  '2101': async (call) => {
    await sql`SAVEPOINT purchase`.execute(call.db);
    // what a purchase would leave for the end is not carried out
    const answer = (await buy(source)({ ...call, atEnd: () => {} })) as {
      readonly setlinfo: Record<string, unknown>;
    };
    await sql`ROLLBACK TO SAVEPOINT purchase`.execute(call.db);
    return { ...answer, setlinfo: { ...answer.setlinfo, setl_id: '', mdtrt_id: '' } };
  },
  '2102': buy(source),
});
