package dev.freshet.compiler.explain;

import dev.freshet.compiler.algebra.Relation.Scan;
import java.util.List;

/// A search that a refresh makes in a table, once for each changed row or key. An index on any of
/// its columns serves it; without one the whole table is read.
///
/// @param table as the query names it, and whose rows are searched
/// @param columns columns of the table, or expressions over them, as SQL text
/// @param purpose whom it serves, as the end of a sentence
public record Lookup(Scan table, List<String> columns, String purpose) {
  public Lookup {
    columns = List.copyOf(columns);
  }

  /// The list of an index that serves the search.
  public String indexList() {
    return String.join(
        ", ", columns.stream().map(c -> c.endsWith(")") ? "(" + c + ")" : c).toList());
  }
}
