-- Files of the benefits of an insured area change by decisions, too. Insured areas are known by their code alone: they are no rows of
-- `area`, whose ids are names of folders.

ALTER TABLE area_change ALTER COLUMN area_id DROP NOT NULL;
ALTER TABLE area_change ADD COLUMN insured_area text;
ALTER TABLE area_change DROP CONSTRAINT area_change_kind_check;
ALTER TABLE area_change ADD CONSTRAINT area_change_of_one_area CHECK (
  kind IN ('policy', 'special_case') AND area_id IS NOT NULL AND insured_area IS NULL
  OR kind = 'items' AND area_id IS NULL AND insured_area IS NOT NULL);
CREATE INDEX area_change_insured_waiting ON area_change (insured_area, id) WHERE applied_at IS NULL;
