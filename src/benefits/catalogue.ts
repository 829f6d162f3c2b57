/**
 * One dated row of an insured area's lists. A row may say only part (1312 the class, 1318 a ceiling, 1319 a prior
 * self-pay): of each column the row that started last and fits the visit holds.
 */
export type CatalogueRow = {
  readonly code: string;
  /** for reading and for the lists institutions download; decides nothing */
  readonly name?: string | undefined;
  /** list_type of the national dictionary, where the code does not say it */
  readonly listType?: string | undefined;
  readonly from: string;
  /** last day; undefined: open */
  readonly to?: string | undefined;
  readonly level?: string | undefined;
  readonly scheme?: string | undefined;
  readonly listClass?: 'A' | 'B' | 'C' | undefined;
  readonly itemKind?: string | undefined;
  readonly restricted?: boolean | undefined;
  /** yuan × 10^6 */
  readonly ceiling6?: number | undefined;
  readonly priorType?: 10 | 20 | 30 | undefined;
  /** × 10^6 */
  readonly priorRatio?: number | undefined;
  /** type 30: unit price, yuan × 10^6, from which the ratio holds */
  readonly priceFrom6?: number | undefined;
};

/** Rows by item code, latest start first. */
export type Catalogue = ReadonlyMap<string, readonly CatalogueRow[]>;

export function catalogueOf(rows: readonly CatalogueRow[]): Catalogue {
  const catalogue = new Map<string, CatalogueRow[]>();
  for (const row of rows.toSorted((a, b) => (a.from > b.from ? -1 : a.from < b.from ? 1 : 0))) {
    const same = catalogue.get(row.code);
    if (same) same.push(row);
    else catalogue.set(row.code, [row]);
  }
  return catalogue;
}

export type CatalogueFacts = Pick<
  CatalogueRow,
  'listClass' | 'itemKind' | 'restricted' | 'ceiling6' | 'priorType' | 'priorRatio'
>;

/** What the lists say of an item on a day for a scheme, level and unit price; undefined: it is in no list that day. */
export function factsOf(
  catalogue: Catalogue,
  code: string,
  at: {
    readonly date: string;
    readonly scheme: string;
    readonly level: string | undefined;
    readonly price6: number;
  },
): CatalogueFacts | undefined {
  const rows = (catalogue.get(code) ?? []).filter(
    ({ from, to, level, scheme }) =>
      from <= at.date &&
      (to === undefined || at.date <= to) &&
      (level === undefined || level === at.level) &&
      (scheme === undefined || scheme === at.scheme),
  );
  if (rows.length === 0) return undefined;
  const first = <Key extends keyof CatalogueRow>(key: Key): CatalogueRow[Key] | undefined => {
    const start = rows.find((row) => row[key] !== undefined)?.from;
    const same = rows.filter((row) => row.from === start && row[key] !== undefined);
    // of rows that started together the one that names scheme and level is nearer
    return same.toSorted((a, b) => specificity(b) - specificity(a))[0]?.[key];
  };
  const prior = priorRow(rows, at.price6);
  return {
    listClass: first('listClass'),
    itemKind: first('itemKind'),
    restricted: first('restricted'),
    ceiling6: first('ceiling6'),
    priorType: prior?.priorType,
    priorRatio: prior?.priorRatio,
  };
}

const specificity = ({ level, scheme }: CatalogueRow): number =>
  (level === undefined ? 0 : 1) + (scheme === undefined ? 0 : 2);

/** Of the rows with a ratio that started last: the nearest, and of price ranges the highest the price reaches. */
function priorRow(rows: readonly CatalogueRow[], price6: number): CatalogueRow | undefined {
  const start = rows.find(({ priorRatio }) => priorRatio !== undefined)?.from;
  const same = rows.filter(
    ({ from, priorRatio, priceFrom6 }) =>
      from === start && priorRatio !== undefined && (priceFrom6 === undefined || priceFrom6 <= price6),
  );
  return same.toSorted(
    (a, b) => specificity(b) - specificity(a) || (b.priceFrom6 ?? 0) - (a.priceFrom6 ?? 0),
  )[0];
}
