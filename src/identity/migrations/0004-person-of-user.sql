-- An insured person who signs in sees the own file and nothing else.

ALTER TABLE user_account ADD COLUMN psn_no text UNIQUE;
ALTER TABLE user_account ADD CONSTRAINT user_account_person CHECK ((role = 'person') = (psn_no IS NOT NULL));
