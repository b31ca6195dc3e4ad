"""What Gatebook stores and answers: the only home of SQL and of the database driver."""
