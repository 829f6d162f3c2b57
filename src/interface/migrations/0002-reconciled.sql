-- What institutions reconciled is read again, the last first.

CREATE INDEX interface_message_reconciled ON interface_message (received_at) WHERE infno = '3201';
CREATE INDEX interface_file_made ON interface_file (made_at) WHERE starts_with(filename, '3202_');
