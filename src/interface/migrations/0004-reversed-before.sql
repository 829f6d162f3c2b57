-- A message whose reversal (2601) came first: it has no answer, and is refused when it still arrives.

ALTER TABLE interface_message ADD COLUMN reversed_by text;
ALTER TABLE interface_message ADD CHECK ((answer IS NULL) = (reversed_by IS NOT NULL));
