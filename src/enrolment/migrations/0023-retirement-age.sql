-- On what ground somebody retired, at what age, and what the statutory age was then, in full months; null: decided before ages were
-- checked.
ALTER TABLE retirement ADD COLUMN ground text NOT NULL DEFAULT 'age' CHECK (ground IN ('age', 'special-work', 'illness'));
ALTER TABLE retirement ADD COLUMN age_months integer;
ALTER TABLE retirement ADD COLUMN statutory_months integer;
