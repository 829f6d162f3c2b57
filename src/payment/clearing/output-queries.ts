import type { Policy } from '#policy/index.ts';

/** The steps of the reference profile, which `clearing.csv` tells in full. */
const PLAIN_STEPS = 'assessment > audit';

/** What of the months and the clearing a run has used beyond the reference profile. */
export type ClearingUse = {
  readonly monthAccounts: boolean;
  readonly lateLists: boolean;
  readonly quarters: boolean;
  readonly prepayments: boolean;
  readonly pots: boolean;
  readonly steps: boolean;
};

/** Which files a run has to show. `rows` says how many rows the tables of the area folder have. */
export function clearingUse(
  policy: Policy,
  rows: { readonly monthDeductions: number; readonly lateLists: number },
): ClearingUse {
  const is = (name: Parameters<Policy['choice']>[0], plain: string) => policy.choice(name) === plain;
  const isPlainValue = is('point_value.method', 'deduction') && is('point_value.mode', 'floating');
  const lateLists = rows.lateLists > 0;
  const quarters = is('clearing.period', 'quarter');
  const prepayments = is('prepayment.mode', 'last-year');
  const monthAccounts =
    lateLists ||
    rows.monthDeductions > 0 ||
    is('deposit.mode', 'assessed') ||
    is('payment.month_base', 'declared') ||
    is('payment.negative_month', 'signed');
  return {
    monthAccounts,
    lateLists,
    quarters,
    prepayments,
    pots: !isPlainValue,
    steps:
      policy.steps('clearing.steps').join(' > ') !== PLAIN_STEPS ||
      !is('clearing.assessment', 'coefficient') ||
      !isPlainValue ||
      monthAccounts ||
      quarters ||
      prepayments,
  };
}

const QUERIES: Readonly<Record<string, { readonly use: keyof ClearingUse; readonly query: string }>> = {
  'month_accounts.csv': {
    use: 'monthAccounts',
    query: `
      SELECT month, insutype, fixmedins_code, cases, points_text(points4) AS points, yuan_text(cost_fen) AS cost,
        yuan_text(non_fund_fen) AS non_fund, yuan_text(base_fen) AS base, yuan_text(paid_fen) AS paid,
        yuan_text(deduction_fen) AS deduction, yuan_text(retained_fen) AS retained, yuan_text(deposit_fen) AS deposit
      FROM month_result ORDER BY month, insutype, fixmedins_code`,
  },
  'late_lists.csv': {
    use: 'lateLists',
    query: `
      SELECT l.setl_id, i.fixmedins_code, CAST(l.scheme AS VARCHAR) AS insutype,
        CAST(y.payment_year AS VARCHAR) || '-' || lpad(CAST(l.month AS VARCHAR), 2, '0') AS month,
        CAST(l.upload_date AS VARCHAR) AS upload_date, CAST(l.lock_date AS VARCHAR) AS lock_date,
        CAST(y.payment_year AS VARCHAR) || coalesce('-' || lpad(CAST(l.paid_month AS VARCHAR), 2, '0'), '') AS paid_in
      FROM late_list AS l CROSS JOIN settlement_year AS y
      JOIN institution AS i ON i.institution_no = l.institution_no
      ORDER BY l.setl_id`,
  },
  'quarterly.csv': {
    use: 'quarters',
    query: `
      SELECT quarter, insutype, fixmedins_code, cases, points_text(points4) AS points, yuan_text(budget_fen) AS budget,
        yuan_text(due_fen) AS due, yuan_text(monthly_paid_fen) AS monthly_paid, yuan_text(quarter_cash_fen) AS quarter_cash
      FROM quarter_result ORDER BY quarter, insutype, fixmedins_code`,
  },
  'prepayments.csv': {
    use: 'prepayments',
    query: `
      SELECT CAST(p.scheme AS VARCHAR) AS insutype, i.fixmedins_code, yuan_text(p.last_year_fund_fen) AS last_year_fund,
        points_text(p.score4) AS score, yuan_text(p.prepayment_fen) AS prepayment
      FROM prepayment AS p JOIN institution AS i ON i.institution_no = p.institution_no
      ORDER BY insutype, i.fixmedins_code`,
  },
  'point_value_pots.csv': {
    use: 'pots',
    query: `
      SELECT CAST(p.scheme AS VARCHAR) AS insutype, p.pot, points_text(p.points4) AS points,
        CASE WHEN p.is_share THEN 'share' ELSE 'value' END AS paid_by, yuan_text(coalesce(s.amount_fen, 0)) AS amount,
        point_value_text(round_divide(p.numerator * CAST(10000000000 AS HUGEINT), p.denominator)) AS point_value
      FROM pot AS p
      LEFT JOIN (SELECT scheme, pot, sum(amount_fen) AS amount_fen FROM pot_share GROUP BY scheme, pot) AS s
        ON s.scheme = p.scheme AND s.pot = p.pot
      ORDER BY insutype, p.pot`,
  },
  'clearing_steps.csv': {
    use: 'steps',
    query: `
      SELECT CAST(d.scheme AS VARCHAR) AS insutype, d.fixmedins_code, 0 AS step_no, 'due' AS step, NULL AS band,
        NULL AS quantity, NULL AS factor, yuan_text(d.due_fen) AS amount, yuan_text(d.due_fen) AS running_total
      FROM due AS d
      UNION ALL
      SELECT CAST(l.scheme AS VARCHAR), i.fixmedins_code, l.step_no, l.step, l.band, yuan_text(l.quantity_fen),
        point_value_text(l.factor8), yuan_text(l.change_fen), yuan_text(l.amount_fen)
      FROM clearing_line AS l JOIN institution AS i ON i.institution_no = l.institution_no
      ORDER BY insutype, fixmedins_code, step_no`,
  },
  'clearing_cash.csv': {
    use: 'steps',
    query: `
      SELECT insutype, fixmedins_code, yuan_text(result_fen) AS result, yuan_text(monthly_paid_fen) AS monthly_paid,
        yuan_text(quarter_paid_fen) AS quarter_paid, yuan_text(advance_paid_fen) AS advance_paid,
        yuan_text(clearing_cash_fen) AS clearing_cash
      FROM clearing_result ORDER BY insutype, fixmedins_code`,
  },
  'residual_steps.csv': {
    use: 'steps',
    query: `
      SELECT insutype, step_no, step, account, yuan_text(amount_fen) AS amount
      FROM residual_line ORDER BY insutype, step_no`,
  },
};

/** The further CSV files of a run: only those its policy or its area folder makes use of. */
export const clearingQueries = (use: ClearingUse): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(QUERIES)
      .filter(([, each]) => use[each.use])
      .map(([name, { query }]) => [name, query]),
  );
