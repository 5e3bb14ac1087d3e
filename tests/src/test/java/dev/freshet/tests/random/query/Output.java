package dev.freshet.tests.random.query;

import dev.freshet.tests.random.table.DataType;

/// A column of a query that is being written down.
///
/// @param sql the expression in the scope of the query
/// @param name of the column where it was read from
/// @param determined whether the data determine the image of its values, not only what they equal
record Output(String sql, String name, DataType type, boolean determined) {
  /// The same where any of several equal values may have been taken.
  Output anyOfEqual() {
    return new Output(sql, name, type, determined && type.hasEqualImages());
  }

  Output as(String newSql, String newName) {
    return new Output(newSql, newName, type, determined);
  }
}
