-- An expert may work at an institution, whose cases the expert does not judge; hospital users always belong to one.

ALTER TABLE user_account DROP CONSTRAINT user_account_check;
ALTER TABLE user_account ADD CONSTRAINT user_account_institution CHECK (
  CASE role WHEN 'hospital' THEN institution_code IS NOT NULL WHEN 'expert' THEN true ELSE institution_code IS NULL END
);
