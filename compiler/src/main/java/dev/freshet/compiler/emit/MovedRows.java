package dev.freshet.compiler.emit;

/// What notices rows that a MERGE moves to another partition: PostgreSQL shows these to no
/// statement trigger. A trigger counts the rows of each statement that sets a column of a partition
/// key, and another one compares that with the rows that the statement trigger is shown.
final class MovedRows {
  private MovedRows() {}

  /// The body of the trigger that counts. A setting that is no number is somebody else's.
  static String counted(ChangeLog log) {
    return """
    BEGIN
      PERFORM pg_catalog.set_config(%1$s, (1 OPERATOR(pg_catalog.+) CASE
        WHEN pg_catalog.current_setting(%1$s, true) OPERATOR(pg_catalog.~) '^[0-9]{1,17}$'
        THEN pg_catalog.current_setting(%1$s, true)::pg_catalog.int8 ELSE 0 END)::pg_catalog.text, true);
      RETURN NEW;
    END
    """
        .formatted(setting(log));
  }

  /// A statement that leaves a mark where rows are missing.
  static String compared(ChangeLog log, String mark) {
    return """
    IF pg_catalog.current_setting(%1$s, true) OPERATOR(pg_catalog.<>) '' THEN
        IF pg_catalog.current_setting(%1$s, true) OPERATOR(pg_catalog.<>) (SELECT count(*)::pg_catalog.text FROM old_rows) THEN
          %2$s;
        END IF;
        PERFORM pg_catalog.set_config(%1$s, '', true);
      END IF\
    """
        .formatted(setting(log), mark);
  }

  private static String setting(ChangeLog log) {
    return "'freshet.moving_" + log.id() + "'";
  }
}
