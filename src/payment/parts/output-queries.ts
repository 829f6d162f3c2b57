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
