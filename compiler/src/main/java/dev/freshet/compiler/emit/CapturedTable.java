package dev.freshet.compiler.emit;

import dev.freshet.compiler.sql.QualifiedName;
import java.util.List;

/// A table whose changes a view needs.
///
/// @param relation a base table, the root of a partitioned one, or the storage of a managed view
/// @param columns the columns that the view needs, by their names in the table
public record CapturedTable(QualifiedName relation, List<String> columns) {
  public CapturedTable {
    columns = List.copyOf(columns);
  }
}
