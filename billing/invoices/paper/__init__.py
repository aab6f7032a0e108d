"""The paper of an invoice: the same family of type and lines as the monthly report, made to be filed."""
