import { sql } from 'kysely';
import { cellOf, type Identity, identityOf, schemeOf } from '#benefits/index.ts';
import type { Store } from '#engine/postgres/store.ts';
import type { BenefitSource } from './benefit-source.ts';

/** A person whose own burden of a year passes the line of the policy. Fen. */
export type WarnedPerson = {
  readonly file: number;
  readonly psn_no: string;
  readonly psn_name: string;
  readonly certno: string;
  readonly area_code: string;
  readonly insutype: string;
  /** names of the identities held at the end of the period */
  readonly identities: string;
  readonly settlements: number;
  readonly medfee_fen: number;
  readonly fund_fen: number;
  readonly burden_fen: number;
  readonly line_fen: number;
};

type Row = Omit<WarnedPerson, 'line_fen' | 'burden_fen' | 'identities'> & {
  readonly person_fen: number;
  readonly in_scope_fen: number;
  readonly identities: readonly { type: string; from: string; to: string | null }[];
};

/**
 * Who of an area bears more of a year than `warning.burden` of the policy on the day; nobody where it says none. Ordered by what
 * they bear, the most first.
 */
export async function earlyWarnings(
  store: Store,
  source: BenefitSource,
  wanted: { readonly areaCode: string; readonly year: number; readonly date: string },
): Promise<WarnedPerson[]> {
  const { areaCode, year, date } = wanted;
  const policy = source.policyOf(areaCode, date);
  const lines = policy.tables.get('warning.burden')!.map(({ row }) => row.cell.number);
  const least = Math.min(...lines.filter((line) => Number.isFinite(line)));
  if (!Number.isFinite(least)) return [];
  const { rows } = await sql<Row>`WITH year_sum AS (
      SELECT coalesce(p.merged_into, p.psn_no) AS psn_no, s.insutype, count(*) FILTER (WHERE s.sign = 1
          AND NOT EXISTS (SELECT 1 FROM settlement AS r WHERE r.reverses = s.setl_id)) AS settlements,
        sum(s.medfee_sumamt_fen)::bigint AS medfee_fen, sum(s.fund_pay_sumamt_fen)::bigint AS fund_fen,
        sum(s.psn_part_amt_fen)::bigint AS person_fen,
        sum(s.psn_part_amt_fen - s.fulamt_ownpay_amt_fen - s.overlmt_selfpay_fen)::bigint AS in_scope_fen
      FROM settlement AS s JOIN person AS p ON p.psn_no = s.psn_no WHERE s.year = ${year} GROUP BY 1, 2
      HAVING sum(s.psn_part_amt_fen) > ${least})
    SELECT p.file_number AS file, p.psn_no, p.name AS psn_name, e.insuplc_admdvs AS area_code, y.insutype, y.settlements,
      y.medfee_fen, y.fund_fen, y.person_fen, y.in_scope_fen,
      coalesce((SELECT certno FROM person_certificate AS c WHERE c.psn_no = p.psn_no
        ORDER BY is_main DESC, psn_cert_type LIMIT 1), '') AS certno,
      coalesce((SELECT jsonb_agg(jsonb_build_object('type', psn_idet_type, 'from', begndate, 'to', enddate) ORDER BY begndate)
        FROM person_identity AS i WHERE i.psn_no = p.psn_no), '[]') AS identities
    FROM year_sum AS y JOIN person AS p ON p.psn_no = y.psn_no
      JOIN LATERAL (SELECT insuplc_admdvs FROM enrolment AS e WHERE e.psn_no = p.psn_no AND e.insutype = y.insutype
        AND e.begndate <= ${date}::date ORDER BY e.begndate DESC LIMIT 1) AS e ON true
    WHERE e.insuplc_admdvs = ${areaCode}`.execute(store);
  const warned = rows.flatMap((row): WarnedPerson[] => {
    const held = row.identities.flatMap((each): Identity[] => {
      const name = identityOf(each.type);
      const isHeld = each.from <= date && (each.to === null || date <= each.to);
      return name === undefined || !isHeld ? [] : [{ name }];
    });
    const names = [...new Set(held.map(({ name }) => name))].toSorted();
    const context = (identity: string | undefined) => ({
      scheme: schemeOf(row.insutype)!,
      ...(identity === undefined ? {} : { identity }),
    });
    // of several identities the one that warns soonest
    const said = [undefined, ...names].map(
      (identity) => cellOf(policy, 'warning.burden', context(identity)).number,
    );
    const line = Math.min(...said);
    const counts = cellOf(policy, 'warning.counts', context(names[0])).text;
    const { person_fen, in_scope_fen, ...rest } = row;
    const burden = counts === 'person' ? person_fen : in_scope_fen;
    if (!(burden > line)) return [];
    return [{ ...rest, identities: names.join(' '), burden_fen: burden, line_fen: line }];
  });
  return warned.toSorted((a, b) => b.burden_fen - a.burden_fen || a.file - b.file);
}
