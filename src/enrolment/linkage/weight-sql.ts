import { type Block, LINK_FIELDS, type LinkField, type LinkWeights } from './weights.ts';

/**
 * The SQL of the linkage: `r` is a row (name, brdy, gend, tel, addr, certno_given), `p` a person; the same rules as
 * `compareRecords`, over all rows at once. `OFFSET 0`: looked up for the pair, instead of reading the contacts of everybody. Only words and whole numbers of the weights stand in it, nothing a user wrote.
 */

/** The condition of each level; the first that holds is reached. `null` where one side does not say the field. */
const KNOWN: Readonly<Record<LinkField, string>> = {
  name: `plain_name(r.name) <> '' AND plain_name(p.name) <> ''`,
  brdy: 'r.brdy IS NOT NULL AND p.brdy IS NOT NULL',
  gend: `r.gend IN ('1', '2') AND p.gend IN ('1', '2')`,
  addr: `r.addr <> '' AND EXISTS (SELECT 1 FROM person_contact AS k WHERE k.psn_no = p.psn_no AND k.kind = 'addr' OFFSET 0)`,
  tel: `r.tel <> '' AND EXISTS (SELECT 1 FROM person_contact AS k WHERE k.psn_no = p.psn_no AND k.kind = 'tel' OFFSET 0)`,
  certno: `r.certno_given <> '' AND EXISTS (SELECT 1 FROM person_certificate AS k WHERE k.psn_no = p.psn_no OFFSET 0)`,
};

const contact = (kind: string, condition: string): string =>
  `EXISTS (SELECT 1 FROM person_contact AS k WHERE k.psn_no = p.psn_no AND k.kind = '${kind}' AND (${condition}) OFFSET 0)`;
const certificate = (condition: string): string =>
  `EXISTS (SELECT 1 FROM person_certificate AS k WHERE k.psn_no = p.psn_no AND (${condition}) OFFSET 0)`;
const HIDDEN = `position('*' IN r.certno_given) > 0`;

const CONDITIONS: Readonly<Record<LinkField, Readonly<Record<string, string>>>> = {
  name: {
    same: 'plain_name(r.name) = plain_name(p.name)',
    'one-character':
      'least(length(plain_name(r.name)), length(plain_name(p.name))) >= 2 AND places_that_differ(plain_name(r.name), plain_name(p.name)) = 1',
    part: `least(length(plain_name(r.name)), length(plain_name(p.name))) >= 2
      AND (starts_with(plain_name(r.name), plain_name(p.name)) OR starts_with(plain_name(p.name), plain_name(r.name)))`,
  },
  brdy: {
    same: 'r.brdy = p.brdy',
    'one-digit': 'places_that_differ(r.brdy::text, p.brdy::text) = 1',
    'day-and-month-swapped': `to_char(r.brdy, 'YYYYMMDD') = to_char(p.brdy, 'YYYYDDMM')`,
    year: `to_char(r.brdy, 'YYYY') = to_char(p.brdy, 'YYYY')`,
  },
  gend: { same: 'r.gend = p.gend' },
  addr: {
    same: contact('addr', 'k.value = r.addr'),
    part: contact(
      'addr',
      `length(k.value) >= 6 AND position(k.value IN r.addr) > 0 OR length(r.addr) >= 6 AND position(r.addr IN k.value) > 0`,
    ),
  },
  tel: { same: contact('tel', 'k.value = r.tel') },
  certno: {
    same: certificate('k.certno = r.certno_given'),
    'one-digit': certificate(`NOT ${HIDDEN} AND places_that_differ(k.certno, r.certno_given) = 1`),
    part: certificate(`CASE WHEN ${HIDDEN} THEN length(k.certno) = length(r.certno_given)
        AND length(replace(r.certno_given, '*', '')) >= 4
        AND NOT EXISTS (SELECT 1 FROM generate_series(1, length(k.certno)) AS place
          WHERE substr(r.certno_given, place, 1) NOT IN ('*', substr(k.certno, place, 1)))
      ELSE length(r.certno_given) BETWEEN 4 AND 8 AND right(k.certno, length(r.certno_given)) = r.certno_given END`),
    'two-digits': certificate(`NOT ${HIDDEN} AND places_that_differ(k.certno, r.certno_given) = 2`),
    'area-and-birth': certificate(
      `NOT ${HIDDEN} AND length(r.certno_given) = 18 AND left(k.certno, 14) = left(r.certno_given, 14)`,
    ),
  },
};

/** The weight of a pair, a whole number. */
export function weightSql({ fields }: LinkWeights): string {
  return LINK_FIELDS.map((field) => {
    const { levels } = fields[field];
    const cases = Object.entries(CONDITIONS[field]).map(
      ([level, condition]) => `WHEN ${condition} THEN ${Math.trunc(levels[level]!.weight100)}`,
    );
    return `CASE WHEN NOT (${KNOWN[field]}) THEN 0 ${cases.join(' ')} ELSE ${Math.trunc(levels.differs!.weight100)} END`;
  }).join('\n + ');
}

/** Many conditions ask for the plain names: each is made once for a pair. */
const withPlainNamesOnce = (conditions: string): string =>
  conditions
    .replaceAll('plain_name(r.name)', 'plain.of_row')
    .replaceAll('plain_name(p.name)', 'plain.of_person');

/** Which persons share a key with a row; each can use an index. */
const BLOCK_SQL: Readonly<Record<Block, string>> = {
  'name-and-year': `SELECT r.line, p.psn_no FROM %rows% AS r JOIN person AS p ON plain_name(p.name) = plain_name(r.name)
    WHERE plain_name(r.name) <> ''
      AND (r.brdy IS NULL OR p.brdy IS NULL OR abs(extract(year FROM r.brdy) - extract(year FROM p.brdy)) <= 1)`,
  'birth-and-surname': `SELECT r.line, p.psn_no FROM %rows% AS r JOIN person AS p ON p.brdy = r.brdy
    WHERE left(plain_name(p.name), 1) = left(plain_name(r.name), 1)`,
  phone: `SELECT r.line, k.psn_no FROM %rows% AS r JOIN person_contact AS k ON k.kind = 'tel' AND k.value = r.tel`,
  'certificate-tail': `SELECT r.line, k.psn_no FROM %rows% AS r
    JOIN person_certificate AS k ON right(k.certno, 6) = right(r.certno_given, 6)
    WHERE length(r.certno_given) >= 6 AND position('*' IN right(r.certno_given, 6)) = 0`,
};

/**
 * Pairs (line, psn_no, weight100) of the rows of a table or query and the persons who reach the weight to be looked at, for each row
 * the best few in the order of weight, then number.
 */
export function candidatesSql(rows: string, weights: LinkWeights): string {
  const pairs = weights.blocks.map((block) => BLOCK_SQL[block].replaceAll('%rows%', rows)).join('\n UNION ');
  return `SELECT line, psn_no, weight100 FROM (
    SELECT line, psn_no, weight100, row_number() OVER (PARTITION BY line ORDER BY weight100 DESC, psn_no) AS place
    FROM (SELECT r.line, p.psn_no, ${withPlainNamesOnce(weightSql(weights))} AS weight100
      FROM (${pairs || 'SELECT 0 AS line, NULL::text AS psn_no WHERE false'}) AS pair
      JOIN ${rows} AS r ON r.line = pair.line
      JOIN person AS p ON p.psn_no = pair.psn_no AND p.merged_into IS NULL
      CROSS JOIN LATERAL (SELECT plain_name(r.name) AS of_row, plain_name(p.name) AS of_person OFFSET 0) AS plain
      ) AS weighed
    WHERE weight100 >= ${Math.trunc(weights.reviewFrom100)}) AS ranked
  WHERE place <= ${Math.trunc(weights.candidatesMax)}`;
}
