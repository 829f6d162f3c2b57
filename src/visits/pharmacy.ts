import { schemeOf } from '#benefits/index.ts';
import { key } from '#engine/postgres/readings.ts';
import { type PersonFile, personFiles, personLocks } from '#enrolment/index.ts';
import { type Call, type Handler, opened, refuse, type Transactions } from '#interface/index.ts';
import type { BenefitSource } from './benefit-source.ts';
import { newLines, writeLines } from './fees.ts';
import { keep } from './keep-settlement.ts';
import { onlyPerson } from './persons.ts';
import { newVisit, writeVisits } from './register.ts';
import { settle, touchedBy } from './settle.ts';
import { accountLocks, accumulatorsOf, type BalanceRow, type UsedRow, usedUpOfAll } from './state.ts';
import { dayOf, node, rowsOf, text, timeOf } from './values.ts';
import { visitOnDay } from './visit-on-day.ts';

const BATCH = 'pharmacy';
const at = 'druginfo';

type OpenedPurchase = readonly [readonly PersonFile[], readonly UsedRow[], readonly BalanceRow[]];

/**
 * A purchase at a pharmacy is visit, lines and settlement in one message: everything about the person is read in one go, and what
 * was made is written in one go.
 */
function buy(source: BenefitSource, isTrial: boolean): Handler {
  const names = ['psn_no', 'scheme', 'day'];
  const locks = isTrial ? [] : [personLocks, accountLocks(names, key('day'))];
  const readings = [personFiles, ...usedUpOfAll(names, key('day'))];
  const readOf = (rows: Call['opened']) => rows.slice(locks.length) as unknown as OpenedPurchase;
  return opened(
    (calls) => {
      const keys = calls.map(({ input }) => {
        const info = node(input, at);
        const scheme = schemeOf(text(info, 'insutype')) ?? '';
        return { psn_no: text(info, 'psn_no'), scheme, day: dayOf(info, 'begntime') || null };
      });
      return [...locks, ...readings].map((reading) => reading(keys));
    },
    async (call) => {
      const info = node(call.input, at);
      if (call.institution.type !== '2') {
        throw refuse('购药交易只用于定点零售药店', 'only designated pharmacies sell by this transaction', {
          field: 'fixmedins_code',
          value: call.institution.fixmedins_code,
        });
      }
      const [files, used, balances] = readOf(call.opened);
      const person = onlyPerson(files, text(info, 'psn_no'), at);
      const [insutype, medType, date] = [
        text(info, 'insutype'),
        text(info, 'med_type'),
        dayOf(info, 'begntime'),
      ];
      const visit = newVisit(call, person, {
        kind: 'pharmacy',
        insutype,
        medType,
        number: '',
        begntime: timeOf(info, 'begntime'),
        disease: text(info, 'dise_codg'),
        body: info,
      });
      const row = isTrial ? { ...visit, mdtrt_id: '' } : visit;
      const context = visitOnDay(row, person, { date, medType, insutype, at, source });
      const given = rowsOf(call.input, 'drugdetail').map((line) => ({ ...line, chrg_bchno: BATCH }));
      const lines = newLines(call.now, source, row, context, given, 'drugdetail');
      if (!isTrial) {
        await keep(call, writeVisits, visit);
        await keep(call, writeLines, lines.made);
      }
      const answer = await settle(call, source, person, row, {
        data: info,
        at,
        medType,
        batch: '',
        date,
        isMidStay: false,
        isTrial,
        read: { lines: lines.stored, accumulators: accumulatorsOf(person.psn_no, date, [used, balances]) },
      });
      return { ...answer, detlcutinfo: lines.answers };
    },
    (rows) => {
      const [files, , balances] = readOf(rows);
      return isTrial ? [] : touchedBy(files, balances);
    },
  );
}

/** 2101 tries a purchase out, of which nothing is kept; 2102 makes it. Source: interface.md §1.6. */
export const pharmacyTransactions = (source: BenefitSource): Transactions => ({
  '2101': buy(source, true),
  '2102': buy(source, false),
});
