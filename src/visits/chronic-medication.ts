import { sql } from 'kysely';
import type { Handler } from '#interface/index.ts';
import type { BenefitSource } from './benefit-source.ts';
import { personOf } from './persons.ts';
import { chargeTypeOf, isDrug, listTypeOf } from './publish-catalogue.ts';
import { ALL_NUMBERS, endOfSpan, LINE_COLUMNS, lineFields, type QueriedLine } from './queries.ts';
import { node, text, timeOf } from './values.ts';

type MedicationLine = QueriedLine & {
  readonly fixmedins_code: string;
  readonly fixmedins_name: string | null;
  readonly med_type: string;
  readonly own_name: string | null;
};

/** Medical types of chronic and special outpatient diseases. */
const CHRONIC = ['14'];

/**
 * 5205: the drugs a person got for chronic and special diseases in a span, wherever that was, for the doctor who prescribes the next
 * ones; what was settled and not taken back. Source: interface.md §1.6.
 */
export const chronicMedication =
  (source: BenefitSource): Handler =>
  async ({ db, input, institution }) => {
    const data = node(input, 'data');
    const file = await personOf(db, text(data, 'psn_no'));
    const { rows } =
      await sql<MedicationLine>`SELECT ${LINE_COLUMNS}, v.fixmedins_code, i.name AS fixmedins_name,
        s.med_type, m.body ->> 'fixmedins_hilist_name' AS own_name
      FROM fee_line AS l JOIN settled_line AS d ON d.mdtrt_id = l.mdtrt_id AND d.feedetl_sn = l.feedetl_sn
        JOIN settlement AS s ON s.setl_id = d.setl_id JOIN visit AS v ON v.mdtrt_id = l.mdtrt_id
      LEFT JOIN interface_institution AS i ON i.fixmedins_code = v.fixmedins_code
      LEFT JOIN LATERAL (SELECT body FROM item_mapping AS own WHERE own.fixmedins_code = v.fixmedins_code
        AND own.fixmedins_hilist_id = l.medins_list_codg AND own.med_list_codg = l.med_list_codg LIMIT 1) AS m ON true
      WHERE v.psn_no IN (${ALL_NUMBERS(file.psn_no)}) AND s.med_type = ANY (${CHRONIC}::text[])
        AND l.fee_ocur_time BETWEEN ${timeOf(data, 'begntime')}::timestamp AND ${endOfSpan(data)}::timestamp
      ORDER BY l.fee_ocur_time, l.mdtrt_id, l.feedetl_sn`.execute(db);
    const catalogue = source.catalogueOf(institution.area_code);
    return {
      feedetail: rows
        .map((line) => ({
          line,
          item: { code: line.med_list_codg, ...catalogue?.get(line.med_list_codg)?.[0] },
        }))
        .filter(({ item }) => isDrug(item))
        .map(({ line, item }) => ({
          ...lineFields(line),
          psn_no: file.psn_no,
          fixmedins_code: line.fixmedins_code,
          fixmedins_name: line.fixmedins_name ?? '',
          med_type: line.med_type,
          hilist_name: item.name ?? '',
          list_type: listTypeOf(item),
          medins_list_name: text(line.body, 'medins_list_name') || (line.own_name ?? ''),
          med_chrgitm_type: text(line.body, 'med_chrgitm_type') || chargeTypeOf(item),
        })),
    };
  };
