-- Years paid as a resident, and what of them counted as an employee's at retirement. Source: docs/domain/enrolment.md#retirement.

ALTER TABLE retirement
  ADD COLUMN resident_months integer NOT NULL DEFAULT 0,
  ADD COLUMN converted_months integer NOT NULL DEFAULT 0;
