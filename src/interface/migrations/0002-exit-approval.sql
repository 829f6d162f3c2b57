-- The review that an application to take a case out of its group's payment has become, once the case is settled.

ALTER TABLE interface_exit_application ADD COLUMN approval_id uuid;

CREATE INDEX interface_exit_application_approval ON interface_exit_application (approval_id);
