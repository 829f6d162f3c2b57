/** The CSV files of the parts; written only when the policy pays parts. */
export const PARTS_QUERIES: Readonly<Record<string, string>> = {
  'parts.csv': `
    SELECT p.part, CAST(p.scheme AS VARCHAR) AS insutype, i.fixmedins_code, p.item, p.basis, p.quantity,
      yuan_text(p.amount_fen) AS amount, yuan_text(p.fund_fen) AS fund_amount, points_text(p.points4) AS points, p.lock,
      yuan_text(p.due_fen) AS due
    FROM part_line AS p JOIN institution AS i ON i.institution_no = p.institution_no
    ORDER BY p.part, insutype, i.fixmedins_code, p.item`,
  'part_budgets.csv': `
    SELECT CAST(b.scheme AS VARCHAR) AS insutype, yuan_text(s.budget_fen) AS budget,
      yuan_text(coalesce(l.due_fen, 0)) AS parts_due, yuan_text(b.inpatient_fen) AS inpatient_budget,
      yuan_text(b.withheld_fen) AS withheld
    FROM part_budget AS b
    CROSS JOIN settlement_year AS y
    JOIN budget AS s ON s.scheme = b.scheme AND s.year = y.payment_year
    LEFT JOIN (SELECT scheme, sum(due_fen) AS due_fen FROM part_line GROUP BY scheme) AS l ON l.scheme = b.scheme
    ORDER BY insutype`,
  'part_lists.csv': `
    SELECT b.setl_id, CAST(b.scheme AS VARCHAR) AS insutype, i.fixmedins_code, 'bed-day' AS part,
      concat_ws('/', b.class, nullif(b.category, '')) AS item, b.days, yuan_text(b.cost_fen) AS cost,
      yuan_text(b.non_fund_fen) AS non_fund, yuan_text(b.standard_fen) AS standard, yuan_text(b.amount_fen) AS amount
    FROM bed_day_list AS b JOIN institution AS i ON i.institution_no = b.institution_no
    UNION ALL
    SELECT c.setl_id, CAST(c.scheme AS VARCHAR), i.fixmedins_code, 'community', m.community, NULL,
      yuan_text(c.cost_fen), yuan_text(c.cost_fen - c.fund_fen), NULL, yuan_text(c.fund_fen)
    FROM community_member AS m
    JOIN case_score AS c ON c.scheme = m.scheme AND c.institution_no = m.institution_no
    JOIN institution AS i ON i.institution_no = m.institution_no
    ORDER BY setl_id`,
};

/** Files of parts that are paid in months. */
export const PART_MONTH_QUERIES: Readonly<Record<string, string>> = {
  'part_months.csv': `
    SELECT CAST(y.payment_year AS VARCHAR) || '-' || lpad(CAST(m.month AS VARCHAR), 2, '0') AS month, m.part,
      CAST(m.scheme AS VARCHAR) AS insutype, i.fixmedins_code, m.item, yuan_text(m.base_fen) AS base,
      yuan_text(m.paid_fen) AS paid
    FROM part_month AS m
    CROSS JOIN settlement_year AS y
    JOIN institution AS i ON i.institution_no = m.institution_no
    ORDER BY month, m.part, insutype, i.fixmedins_code, m.item`,
  'part_clearing.csv': `
    SELECT p.part, CAST(p.scheme AS VARCHAR) AS insutype, i.fixmedins_code, p.item, yuan_text(p.due_fen) AS due,
      yuan_text(coalesce(m.paid_fen, 0)) AS monthly_paid, yuan_text(p.due_fen - coalesce(m.paid_fen, 0)) AS clearing_cash
    FROM part_line AS p
    JOIN institution AS i ON i.institution_no = p.institution_no
    LEFT JOIN (
      SELECT part, scheme, institution_no, item, sum(paid_fen) AS paid_fen
      FROM part_month GROUP BY part, scheme, institution_no, item
    ) AS m ON m.part = p.part AND m.scheme = p.scheme AND m.institution_no = p.institution_no AND m.item = p.item
    ORDER BY p.part, insutype, i.fixmedins_code, p.item`,
};
