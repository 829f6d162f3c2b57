-- What is refused for good may be proposed anew; what was decided about a person is found by the person.

DROP INDEX approval_subject;
CREATE UNIQUE INDEX approval_subject ON approval (kind, subject)
  WHERE state NOT IN ('withdrawn', 'reversed', 'closed', 'refused');
CREATE INDEX approval_person ON approval ((content ->> 'psn_no')) WHERE content ->> 'psn_no' IS NOT NULL;
CREATE INDEX approval_merge ON approval ((content ->> 'fromFile')) WHERE kind = 'merge';
